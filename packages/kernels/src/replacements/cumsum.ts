import { Cumsum, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.cumsum` along any axis without transposing; tfjs's own kernel reads outside of its memory for a negative axis. */
export const cumsum = defineKernel(Cumsum, ({ inputs, attrs, heap }) => {
  const { x } = inputs as { x: TensorInfo }
  const { axis, exclusive, reverse } = attrs as { axis: number; exclusive: boolean; reverse: boolean }
  if (x.dtype !== 'float32' && x.dtype !== 'int32') {
    throw new KernelError('shape', `cumsum: expected float32 or int32, got ${x.dtype}. Cast it.`)
  }
  const [along] = util.parseAxisParam(axis, x.shape) as [number]
  const out = heap.makeOutput(x.shape, x.dtype)
  if (sizeOf(x.shape) === 0) return out
  heap.exports.cumulativeSum(
    heap.addressOf(x),
    heap.addressOf(out),
    sizeOf(x.shape.slice(0, along)),
    x.shape[along]!,
    sizeOf(x.shape.slice(along + 1)),
    exclusive,
    reverse,
    x.dtype === 'int32',
  )
  return out
})
