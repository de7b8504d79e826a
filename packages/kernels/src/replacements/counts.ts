import { Bincount, DenseBincount, SearchSorted, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.bincount` and `tf.denseBincount`: tfjs's own kernels write in front of the result for a negative number. */
export const bincount = defineKernel(Bincount, count)
export const denseBincount = defineKernel(DenseBincount, count)

function count({ inputs, attrs, heap }: KernelCall): TensorInfo {
  const { x, weights } = inputs as { x: TensorInfo; weights: TensorInfo }
  const { size, binaryOutput = false } = attrs as { size: number; binaryOutput?: boolean }
  const rank = x.shape.length
  const weighted = sizeOf(weights.shape) > 0
  if (x.dtype !== 'int32' || rank < 1 || rank > 2 || (weighted && sizeOf(weights.shape) !== sizeOf(x.shape))) {
    throw new KernelError(
      'shape',
      `bincount: expected int32 x of rank 1 or 2 and weights of its shape or none, got ${x.dtype} [${x.shape}] and [${weights.shape}].`,
    )
  }
  const values = heap.ints(x)
  const negative = values.find((value) => value < 0)
  if (negative !== undefined) throw new KernelError('shape', `bincount: expected x from 0 on, got ${negative}.`)
  const columns = x.shape.at(-1)!
  const out = heap.makeOutput(rank === 1 ? [size] : [x.shape[0]!, size], weights.dtype)
  const [from, factors, to] = [heap.ints(x), heap.values(weights), heap.values(out)]
  to.fill(0)
  for (let i = 0; i < from.length; i++) {
    const value = from[i]!
    if (value >= size) continue
    const at = Math.floor(i / columns) * (rank === 1 ? 0 : size) + value
    if (binaryOutput && rank === 2) to[at] = 1
    else to[at]! += weighted ? factors[i]! : 1
  }
  return out
}

/** `tf.searchSorted`, row by row: the first place of each value that is not below it, or above it. */
export const searchSorted = defineKernel(SearchSorted, ({ inputs, attrs, heap }) => {
  const { sortedSequence, values } = inputs as { sortedSequence: TensorInfo; values: TensorInfo }
  const known = values.dtype === 'float32' || values.dtype === 'int32'
  if (
    !known ||
    sortedSequence.dtype !== values.dtype ||
    sortedSequence.shape.length !== 2 ||
    values.shape.length !== 2 ||
    sortedSequence.shape[0] !== values.shape[0]
  ) {
    throw new KernelError(
      'shape',
      `searchSorted: expected sequences [B, N] and values [B, M] of one dtype, got ${sortedSequence.dtype} [${sortedSequence.shape}] and ${values.dtype} [${values.shape}].`,
    )
  }
  const left = attrs['side'] === 'left'
  const [N, M] = [sortedSequence.shape[1]!, values.shape[1]!]
  const out = heap.makeOutput(values.shape, 'int32')
  const [sorted, wanted, to] = [heap.values(sortedSequence), heap.values(values), heap.ints(out)]
  for (let i = 0; i < to.length; i++) {
    const row = Math.floor(i / M) * N
    let [low, high] = [0, N]
    while (low < high) {
      const middle = (low + high) >> 1
      const value = sorted[row + middle]!
      if (left ? value < wanted[i]! : value <= wanted[i]!) low = middle + 1
      else high = middle
    }
    to[i] = low
  }
  return out
})
