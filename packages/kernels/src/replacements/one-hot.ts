import { type DataType, OneHot, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'

/** `tf.oneHot` of any dtype; tfjs's own kernel writes floats, whatever the dtype. Indices out of range make no one. */
export const oneHot = defineKernel(OneHot, ({ inputs, attrs, heap }) => {
  const { indices } = inputs as { indices: TensorInfo }
  const { dtype, depth, onValue, offValue } = attrs as {
    dtype: DataType
    depth: number
    onValue: number
    offValue: number
  }
  if (indices.dtype !== 'int32') {
    throw new KernelError(
      'shape',
      `oneHot: expected int32 indices, got ${indices.dtype} [${indices.shape}]. Cast them.`,
    )
  }
  const out = heap.makeOutput([...indices.shape, depth], dtype ?? 'float32')
  const [from, to] = [heap.ints(indices), heap.values(out)]
  to.fill(offValue)
  for (let i = 0; i < from.length; i++) {
    const index = from[i]!
    if (index >= 0 && index < depth) to[i * depth + index] = onValue
  }
  return out
})
