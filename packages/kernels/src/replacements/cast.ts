import { Cast, type DataType, type TensorInfo } from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'

/** `tf.cast`: to bool is whether it is not 0, where tfjs's own kernel takes the lowest byte; fractions are cut off. */
export const cast = guardKernel(Cast, ({ inputs, attrs, heap, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  const dtype = attrs['dtype'] as DataType
  if (x.dtype === 'string' || dtype === 'string' || dtype === 'complex64') return stock()
  const out = heap.makeOutput(x.shape, dtype)
  const [from, to] = [heap.values(x), heap.values(out)]
  if (dtype !== 'bool') to.set(from)
  else for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1
  return out
})
