import { Cumprod, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.cumprod`; tfjs's own kernel reads foreign memory for a negative axis. */
export const cumprod = defineKernel(Cumprod, ({ inputs, attrs, heap }) => {
  const { x } = inputs as { x: TensorInfo }
  const { axis, exclusive, reverse } = attrs as { axis: number; exclusive: boolean; reverse: boolean }
  if (x.dtype !== 'float32' && x.dtype !== 'int32') {
    throw new KernelError('shape', `cumprod: expected x float32 or int32, got ${x.dtype} [${x.shape}]. Cast it.`)
  }
  const along = util.parseAxisParam(axis, x.shape)[0]!
  const out = heap.makeOutput(x.shape, x.dtype)
  const [from, to] = [heap.values(x), heap.values(out)]
  const [length, inner] = [x.shape[along]!, sizeOf(x.shape.slice(along + 1))]
  const step = (reverse ? -1 : 1) * inner
  for (let o = 0; o < from.length; o += length * inner) {
    for (let i = 0; i < inner; i++) {
      let at = o + i + (reverse ? (length - 1) * inner : 0)
      let product = 1
      for (let t = 0; t < length; t++, at += step) {
        const value = from[at]!
        if (exclusive) to[at] = product
        product = x.dtype === 'int32' ? Math.imul(product, value) : product * value
        if (!exclusive) to[at] = product
      }
    }
  }
  return out
})
