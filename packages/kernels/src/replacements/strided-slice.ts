import {
  backend_util,
  Reverse,
  SplitV,
  StridedSlice,
  slice_util,
  type TensorInfo,
  Unpack,
  util,
} from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'
import { type Heap, sizeOf } from '../heap.ts'
import { copyStrided, elementBytes } from './copy.ts'
import { stridesOf } from './dimensions.ts'

/** Every step-th element of x from `begin` on; a step may be negative. */
function steppedSlice(
  heap: Heap,
  x: TensorInfo,
  begin: readonly number[],
  steps: readonly number[],
  size: readonly number[],
): TensorInfo {
  const own = stridesOf(x.shape)
  const offset = begin.reduce((sum, at, i) => sum + at * own[i]!, 0)
  const out = heap.makeOutput(size, x.dtype)
  const src = {
    address: heap.addressOf(x) + elementBytes(x) * offset,
    strides: own.map((stride, i) => stride * steps[i]!),
  }
  copyStrided(heap, x.dtype, size, src, { address: heap.addressOf(out), strides: stridesOf(size) })
  return out
}

interface SliceAttributes {
  readonly begin: number[]
  readonly end: number[]
  readonly strides: number[]
  readonly beginMask: number
  readonly endMask: number
  readonly ellipsisMask: number
  readonly newAxisMask: number
  readonly shrinkAxisMask: number
}

/** `tf.stridedSlice`; strings go to tfjs's own kernel. */
export const stridedSliceKernel = guardKernel(StridedSlice, ({ inputs, attrs, heap, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  const { begin, end, strides, ...masks } = attrs as unknown as SliceAttributes
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = masks
  const info = slice_util.sliceInfo(
    ...([x.shape, begin, end, strides] as const),
    ...([beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const),
  )
  if (x.dtype === 'string' || info.isIdentity || x.shape.length === 0) return stock()
  const size = slice_util.computeOutShape(info.begin, info.end, info.strides)
  const out = steppedSlice(heap, x, info.begin, info.strides, size)
  return { ...out, shape: info.finalShape }
})

/** `tf.reverse`; strings go to tfjs's own kernel. */
export const reverseKernel = guardKernel(Reverse, ({ inputs, attrs, heap, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  if (x.dtype === 'string' || x.shape.length === 0) return stock()
  const axes = util.parseAxisParam(attrs['dims'] as number[], x.shape)
  const begin = x.shape.map((size, i) => (axes.includes(i) ? Math.max(0, size - 1) : 0))
  const steps = x.shape.map((_, i) => (axes.includes(i) ? -1 : 1))
  return steppedSlice(heap, x, begin, steps, x.shape)
})

/** Parts of x along an axis, one after the other, [rows before the axis, numbers from there on]. */
function parts(heap: Heap, x: TensorInfo, axis: number, sizes: readonly number[]): TensorInfo[] {
  const [rows, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))]
  const whole: TensorInfo = { ...x, shape: [rows, x.shape[axis]! * inner] }
  let begin = 0
  return sizes.map((size) => {
    const part = steppedSlice(heap, whole, [0, begin], [1, 1], [rows, size * inner])
    begin += size * inner
    return part
  })
}

/** `tf.split`; strings go to tfjs's own kernel. */
export const splitKernel = guardKernel(SplitV, ({ inputs, attrs, heap, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  if (x.dtype === 'string') return stock()
  const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!
  const sizes = backend_util.prepareSplitSize(x as never, attrs['numOrSizeSplits'] as number[], axis)
  const shapeOf = (size: number) => x.shape.map((n, i) => (i === axis ? size : n))
  return parts(heap, x, axis, sizes).map((part, i) => ({ ...part, shape: shapeOf(sizes[i]!) }))
})

/** `tf.unstack`; strings go to tfjs's own kernel. */
export const unpackKernel = guardKernel(Unpack, ({ inputs, attrs, heap, stock }) => {
  const { value } = inputs as { value: TensorInfo }
  if (value.dtype === 'string') return stock()
  const axis = util.parseAxisParam(attrs['axis'] as number, value.shape)[0]!
  const shape = value.shape.filter((_, i) => i !== axis)
  return parts(heap, value, axis, new Array(value.shape[axis]!).fill(1)).map((part) => ({ ...part, shape }))
})
