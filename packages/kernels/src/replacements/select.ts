import { Select, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.where` with a condition for every element, or for every row. */
export const selectKernel = defineKernel(Select, ({ inputs, heap }) => {
  const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', TensorInfo>
  const size = sizeOf(t.shape)
  const conditions = sizeOf(condition.shape)
  const single = condition.shape.length === 0 || condition.shape.length > 1 || t.shape.length === 1
  const length = single ? 1 : sizeOf(t.shape.slice(1))
  const fits = condition.dtype === 'bool' && t.dtype === e.dtype && sizeOf(e.shape) === size
  if (!fits || conditions * length !== size || t.dtype === 'string') {
    throw new KernelError(
      'shape',
      `where: expected a bool condition for every element or row of two tensors of one dtype and shape, got ${condition.dtype} [${condition.shape}], ${t.dtype} [${t.shape}] and ${e.dtype} [${e.shape}].`,
    )
  }
  const out = heap.makeOutput(t.shape, t.dtype)
  if (length === 1 && t.dtype !== 'bool' && size > 0) {
    heap.exports.selectOperation({
      condition: heap.addressOf(condition),
      a: heap.addressOf(t),
      b: heap.addressOf(e),
      y: heap.addressOf(out),
      size,
    })
    return out
  }
  const [choice, a, b, to] = [heap.bytes(condition), heap.values(t), heap.values(e), heap.values(out)]
  for (let row = 0; row < conditions; row++) {
    const from = choice[row] ? a : b
    to.set(from.subarray(row * length, (row + 1) * length), row * length)
  }
  return out
})
