import { AddN, Diag, Fill, LRN, LRNGrad, Multinomial, Range, type TensorInfo, TopK, util } from '@tensorflow/tfjs-core'
import { defineKernel, guardKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.addN`, of tensors of one shape and dtype. */
export const addN = guardKernel(AddN, ({ inputs, stock }) => {
  const tensors = Object.values(inputs) as TensorInfo[]
  const [first] = tensors as [TensorInfo]
  const alike = tensors.every(({ shape, dtype }) => dtype === first.dtype && `${shape}` === `${first.shape}`)
  if (!alike || (first.dtype !== 'float32' && first.dtype !== 'int32')) {
    throw new KernelError(
      'shape',
      `addN: expected float32 or int32 tensors of one shape, got ${tensors.map(({ shape, dtype }) => `${dtype} [${shape}]`).join(', ')}.`,
    )
  }
  return stock()
})

/** `tf.diag` of any dtype. */
export const diag = defineKernel(Diag, ({ inputs, heap }) => {
  const { x } = inputs as { x: TensorInfo }
  const out = heap.makeOutput([...x.shape, ...x.shape], x.dtype)
  const [from, to] = [heap.values(x), heap.values(out)]
  to.fill(0)
  for (let i = 0; i < from.length; i++) to[i * (from.length + 1)] = from[i]!
  return out
})

/** `tf.range`: a range that memory cannot hold is refused before it is made. */
export const range = guardKernel(Range, ({ attrs, heap, stock }) => {
  const { start, stop, step } = attrs as { start: number; stop: number; step: number }
  const count = Math.abs((stop - start) / step)
  if (Number.isFinite(count) && count >= 2 ** 30) heap.makeOutput([Math.ceil(count)])
  return stock()
})

/** `tf.fill` and what fills a shape: strings lie outside of the memory. */
export const fill = defineKernel(Fill, ({ attrs, heap }) => {
  const { shape, value, dtype } = attrs as { shape: number[]; value: number; dtype?: 'float32' | 'int32' | 'bool' }
  const known = dtype ?? util.inferDtype(value)
  if (typeof value === 'string' || !['float32', 'int32', 'bool'].includes(known)) {
    throw new KernelError('usage', `fill: expected a number of float32, int32 or bool, got ${known}.`)
  }
  const out = heap.makeOutput(shape, known)
  heap.values(out).fill(Number(value))
  return out
})

/** `tf.topk`: tfjs's own kernel takes more than there is. */
export const topK = guardKernel(TopK, ({ inputs, attrs, stock, heap }) => {
  const { x } = inputs as { x: TensorInfo }
  const k = attrs['k'] as number
  const length = x.shape.at(-1)
  const known = x.dtype === 'float32' || x.dtype === 'int32'
  if (known && length !== undefined && Number.isInteger(k) && k >= 0 && k <= length) {
    if (k * sizeOf(x.shape) > 0) return stock()
    const shape = [...x.shape.slice(0, -1), k]
    return [heap.makeOutput(shape, x.dtype), heap.makeOutput(shape, 'int32')]
  }
  throw new KernelError('shape', `topk: expected numbers and k from 0 to ${length ?? 0}, got ${x.dtype} and ${k}.`)
})

/** `tf.localResponseNormalization` and its gradient, of pictures [N, H, W, C]. */
export const lrnKernels: readonly WasmKernel[] = [LRN, LRNGrad].map((name) =>
  guardKernel(name, ({ inputs, stock, heap }) => {
    const tensors = Object.values(inputs) as TensorInfo[]
    const [first] = tensors as [TensorInfo]
    const fits = tensors.every(({ dtype, shape }) => dtype === 'float32' && `${shape}` === `${first.shape}`)
    if (!fits || first.shape.length !== 4) {
      const got = tensors.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(', ')
      throw new KernelError('shape', `${name}: expected float32 tensors [N, H, W, C] of one shape, got ${got}.`)
    }
    return sizeOf(first.shape) === 0 ? heap.makeOutput(first.shape) : stock()
  }),
)

/** `tf.multinomial`: rows without events have nothing to draw from. */
export const multinomial = guardKernel(Multinomial, ({ inputs, stock }) => {
  const { logits } = inputs as { logits: TensorInfo }
  if (logits.dtype === 'float32' && logits.shape.length === 2 && logits.shape[1]! > 0) return stock()
  throw new KernelError(
    'shape',
    `multinomial: expected logits float32 [N, E] with E above 0, got ${logits.dtype} [${logits.shape}].`,
  )
})
