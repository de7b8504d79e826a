import { Concat, Slice, slice_util, type TensorInfo, Tile, util } from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'
import { type Heap, sizeOf } from '../heap.ts'
import { copyStrided, elementBytes } from './copy.ts'
import { stridesOf } from './dimensions.ts'

/** `tf.slice`; strings go to tfjs's own kernel. */
export const sliceKernel = guardKernel(Slice, ({ inputs, attrs, heap, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  if (x.dtype === 'string') return stock()
  const [begin, size] = slice_util.parseSliceParams(x as never, attrs['begin'] as number[], attrs['size'] as number[])
  slice_util.assertParamsValid(x as never, begin!, size!)
  const own = stridesOf(x.shape)
  const offset = begin!.reduce((sum, at, i) => sum + at * own[i]!, 0)
  const out = heap.makeOutput(size!, x.dtype)
  const src = { address: heap.addressOf(x) + elementBytes(x) * offset, strides: own }
  copyStrided(heap, x.dtype, size!, src, { address: heap.addressOf(out), strides: stridesOf(size!) })
  return out
})

/** `tf.concat`: each tensor is copied as rows of its own length into rows of the result's. */
export const concatKernel = guardKernel(Concat, ({ inputs, attrs, heap, stock }) => {
  const tensors = Object.values(inputs) as TensorInfo[]
  const first = tensors[0]!
  if (tensors.some(({ dtype }) => dtype === 'string' || dtype !== first.dtype)) return stock()
  const along = util.parseAxisParam(attrs['axis'] as number, first.shape)[0]!
  const fits = tensors.every(
    ({ shape }) => shape.length === first.shape.length && shape.every((n, i) => i === along || n === first.shape[i]),
  )
  if (!fits) return stock()
  const shape = first.shape.map((n, i) =>
    i === along ? tensors.reduce((sum, tensor) => sum + tensor.shape[along]!, 0) : n,
  )
  const out = heap.makeOutput(shape, first.dtype)
  const rows = sizeOf(shape.slice(0, along))
  const pitch = sizeOf(shape.slice(along))
  let address = heap.addressOf(out)
  for (const tensor of tensors) {
    const length = sizeOf(tensor.shape.slice(along))
    copyStrided(
      heap,
      first.dtype,
      [rows, length],
      { address: heap.addressOf(tensor), strides: [length, 1] },
      { address, strides: [pitch, 1] },
    )
    address += elementBytes(first) * length
  }
  return out
})

/** `tf.tile`, and with it `tf.broadcastTo`. */
export const tileKernel = guardKernel(Tile, ({ inputs, attrs, heap, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  const reps = attrs['reps'] as number[]
  if (x.dtype === 'string' || reps.length !== x.shape.length) return stock()
  const out = heap.makeOutput(
    x.shape.map((n, i) => n * reps[i]!),
    x.dtype,
  )
  repeat(heap, x, reps, out)
  return out
})

/** A repeated dimension is two: the repetitions, along which x stands still, and the dimension itself. */
function repeat(heap: Heap, x: TensorInfo, reps: readonly number[], out: TensorInfo): void {
  const [own, outer] = [stridesOf(x.shape), stridesOf(out.shape)]
  const sizes = x.shape.flatMap((n, i) => [reps[i]!, n])
  const from = x.shape.flatMap((_, i) => [0, own[i]!])
  const to = x.shape.flatMap((n, i) => [outer[i]! * n, outer[i]!])
  copyStrided(
    heap,
    x.dtype,
    sizes,
    { address: heap.addressOf(x), strides: from },
    { address: heap.addressOf(out), strides: to },
  )
}
