import { ClipByValue, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'

/**
 * `tf.clipByValue`. NaN stays NaN, which tfjs's own kernel turns into the lower end; integers stay integers, which it reads
 * as floats.
 */
export const clipByValue = defineKernel(ClipByValue, ({ inputs, attrs, heap }) => {
  const { x } = inputs as { x: TensorInfo }
  const { clipValueMin: low, clipValueMax: high } = attrs as { clipValueMin: number; clipValueMax: number }
  if (x.dtype !== 'float32' && x.dtype !== 'int32') {
    throw new KernelError('shape', `clipByValue: expected x float32 or int32, got ${x.dtype} [${x.shape}]. Cast it.`)
  }
  const out = heap.makeOutput(x.shape, x.dtype)
  const size = heap.values(x).length
  if (x.dtype === 'float32' && size > 0) {
    heap.exports.clip({ x: heap.addressOf(x), y: heap.addressOf(out), size, low, high })
    return out
  }
  const [from, to] = [heap.values(x), heap.values(out)]
  for (let i = 0; i < size; i++) to[i] = Math.min(Math.max(from[i]!, low), high)
  return out
})
