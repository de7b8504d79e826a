import { type TensorInfo, Transpose } from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'
import { copyStrided } from './copy.ts'
import { stridesOf } from './dimensions.ts'

/** `tf.transpose`; strings go to tfjs's own kernel. */
export const transposeKernel = guardKernel(Transpose, ({ inputs, attrs, heap, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  const perm = attrs['perm'] as number[]
  if (x.dtype === 'string') return stock()
  const own = stridesOf(x.shape)
  const shape = perm.map((i) => x.shape[i]!)
  const out = heap.makeOutput(shape, x.dtype)
  const src = { address: heap.addressOf(x), strides: perm.map((i) => own[i]!) }
  copyStrided(heap, x.dtype, shape, src, { address: heap.addressOf(out), strides: stridesOf(shape) })
  return out
})
