import { Pow, type TensorInfo } from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'
import { sizeOf } from '../heap.ts'
import { plainBinary } from './plain-binary.ts'

/** `tf.pow` with an exponent of 2 or -1 as the element-wise kernels that these are; others go to tfjs's own kernel. */
export const powKernel = guardKernel(Pow, ({ inputs, heap, stock, run }) => {
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
  const single = sizeOf(b.shape) === 1 && b.shape.length <= a.shape.length
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return plainBinary('Pow', heap, a, b)
  if (!single) return stock()
  const exponent = heap.floats(b)[0]
  if (exponent === 2) return run('Square', { x: a })
  return exponent === -1 ? run('Reciprocal', { x: a }) : stock()
})
