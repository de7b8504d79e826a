import { Softmax, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.softmax` along the last dimension. */
export const softmaxKernel = defineKernel(Softmax, ({ inputs, attrs, heap }) => {
  const { logits } = inputs as { logits: TensorInfo }
  const { dim } = attrs as { dim: number }
  const rank = logits.shape.length
  if (logits.dtype !== 'float32' || rank === 0 || (dim !== -1 && dim !== rank - 1)) {
    throw new KernelError(
      'shape',
      `softmax: expected float32 logits and their last dimension, got ${logits.dtype} [${logits.shape}] and dimension ${dim}. Transpose them.`,
    )
  }
  const out = heap.makeOutput(logits.shape)
  const size = sizeOf(logits.shape)
  const length = logits.shape.at(-1) ?? 1
  if (size > 0) {
    heap.exports.softmax({ x: heap.addressOf(logits), y: heap.addressOf(out), rows: size / length, length })
  }
  return out
})
