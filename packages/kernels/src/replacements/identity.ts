import { Identity } from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'

/** `tf.clone` without a copy: tfjs clones every tensor that a gradient will need, and counts references anyway. */
export const identity = guardKernel(Identity, ({ inputs, heap, stock }) => {
  const x = inputs['x']!
  if (x.dtype === 'string') return stock()
  heap.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
})
