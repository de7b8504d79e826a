import { FusedBatchNorm, type TensorInfo } from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.batchNorm`; tfjs's own kernel divides by the length of the mean and reads the other statistics as if they were as long. */
export const fusedBatchNorm = guardKernel(FusedBatchNorm, ({ inputs, attrs, heap, stock }) => {
  const { x, mean, variance, offset, scale } = inputs as Record<'x' | 'mean' | 'variance', TensorInfo> & {
    offset?: TensorInfo
    scale?: TensorInfo
  }
  const given = [x, mean, variance, offset, scale].filter((tensor) => tensor != null)
  const wrong = given.find(
    (tensor) => tensor.dtype !== 'float32' || (sizeOf(x.shape) > 0 && sizeOf(tensor.shape) === 0),
  )
  if (wrong !== undefined) {
    throw new KernelError(
      'shape',
      `batchNorm: expected float32 tensors with elements, got ${wrong.dtype} [${wrong.shape}].`,
    )
  }
  if (given.slice(1).every((tensor) => sizeOf(tensor.shape) === sizeOf(mean.shape))) return stock()
  const out = heap.makeOutput(x.shape)
  const [from, to] = [heap.floats(x), heap.floats(out)]
  const [means, variances] = [heap.floats(mean), heap.floats(variance)]
  const offsets = offset == null ? undefined : heap.floats(offset)
  const scales = scale == null ? undefined : heap.floats(scale)
  const epsilon = attrs['varianceEpsilon'] as number
  for (let i = 0; i < to.length; i++) {
    const deviation = Math.sqrt(variances[i % variances.length]! + epsilon)
    const factor = scales === undefined ? 1 : scales[i % scales.length]!
    const shift = offsets === undefined ? 0 : offsets[i % offsets.length]!
    to[i] = ((from[i]! - means[i % means.length]!) * factor) / deviation + shift
  }
  return out
})
