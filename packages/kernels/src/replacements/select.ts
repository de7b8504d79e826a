import { Select, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { sizeOf } from '../heap.ts'

/** `tf.where` with a condition for every element; a condition for every row goes to tfjs's own kernel. */
export const selectKernel = defineKernel(Select, ({ inputs, heap, stock }) => {
  const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', TensorInfo>
  const size = sizeOf(t.shape)
  const fits = [t, e].every(({ dtype }) => dtype === 'float32' || dtype === 'int32') && t.dtype === e.dtype
  if (!fits || condition.dtype !== 'bool' || sizeOf(condition.shape) !== size || sizeOf(e.shape) !== size)
    return stock()
  const out = heap.makeOutput(t.shape, t.dtype)
  if (size > 0) {
    heap.exports.selectOperation({
      condition: heap.addressOf(condition),
      a: heap.addressOf(t),
      b: heap.addressOf(e),
      y: heap.addressOf(out),
      size,
    })
  }
  return out
})
