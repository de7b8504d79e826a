import {
  backend_util,
  GatherNd,
  gather_util,
  ScatterNd,
  SparseToDense,
  type TensorInfo,
  TensorScatterUpdate,
} from '@tensorflow/tfjs-core'
import { defineKernel, guardKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { type Heap, sizeOf } from '../heap.ts'
import { checkIndexRows } from './indices.ts'

// U updates, D dimensions that an index names

/**
 * Writes rows of updates into `out`, or adds them to it.
 *
 * @param updates [U, ...], or a single number for all
 */
function scatter(
  where: string,
  heap: Heap,
  indices: TensorInfo,
  updates: TensorInfo,
  out: TensorInfo,
  add: boolean,
): void {
  if (updates.dtype !== out.dtype || updates.dtype === 'string') {
    throw new KernelError('shape', `${where}: expected updates ${out.dtype}, got ${updates.dtype}. Cast them.`)
  }
  const { sliceRank: D, numUpdates: U, sliceSize, strides } = backend_util.calculateShapes(updates, indices, out.shape)
  checkIndexRows(where, heap, indices, out.shape, D)
  const [size, given] = [sizeOf(updates.shape), U * sliceSize]
  if (size !== given && updates.shape.length > 0) {
    throw new KernelError('shape', `${where}: expected ${given} updates, got updates of shape [${updates.shape}].`)
  }
  const [at, from, to] = [heap.ints(indices), heap.values(updates), heap.values(out)]
  const single = updates.shape.length === 0
  for (let u = 0; u < U; u++) {
    let row = 0
    for (let d = 0; d < D; d++) row += at[u * D + d]! * strides[d]!
    for (let i = 0; i < sliceSize; i++) {
      const value = from[single ? 0 : u * sliceSize + i]!
      if (add) to[row * sliceSize + i]! += value
      else to[row * sliceSize + i] = value
    }
  }
}

/** `tf.scatterND`: what falls on the same place is added up. */
export const scatterNd = defineKernel(ScatterNd, ({ inputs, attrs, heap }) => {
  const { indices, updates } = inputs as { indices: TensorInfo; updates: TensorInfo }
  const out = heap.makeOutput(attrs['shape'] as number[], updates.dtype)
  heap.values(out).fill(0)
  scatter('scatterND', heap, indices, updates, out, updates.dtype !== 'bool')
  return out
})

/** `tf.tensorScatterUpdate`: a copy of the tensor with some rows replaced. */
export const tensorScatterUpdate = defineKernel(TensorScatterUpdate, ({ inputs, heap }) => {
  const { tensor, indices, updates } = inputs as Record<'tensor' | 'indices' | 'updates', TensorInfo>
  const out = heap.makeOutput(tensor.shape, tensor.dtype)
  heap.values(out).set(heap.values(tensor))
  scatter('tensorScatterUpdate', heap, indices, updates, out, false)
  return out
})

/** `tf.sparseToDense`. */
export const sparseToDense = guardKernel(SparseToDense, ({ inputs, attrs, heap, stock }) => {
  const { sparseIndices, sparseValues, defaultValue } = inputs as Record<string, TensorInfo> as Record<
    'sparseIndices' | 'sparseValues' | 'defaultValue',
    TensorInfo
  >
  if (defaultValue.dtype === 'string') return stock()
  const out = heap.makeOutput(attrs['outputShape'] as number[], defaultValue.dtype)
  heap.values(out).fill(heap.values(defaultValue)[0]!)
  scatter('sparseToDense', heap, sparseIndices, sparseValues, out, false)
  return out
})

/** `tf.gatherND`. */
export const gatherNd = guardKernel(GatherNd, ({ inputs, heap, stock }) => {
  const { params, indices } = inputs as { params: TensorInfo; indices: TensorInfo }
  if (params.dtype === 'string') return stock()
  // The declared type asks for tensors; shapes and dtypes are all that is read.
  const [shape, count, sliceSize, strides] = gather_util.prepareAndValidate(params, indices)
  const D = indices.shape.at(-1)!
  checkIndexRows('gatherND', heap, indices, params.shape, D)
  const out = heap.makeOutput(shape, params.dtype)
  const [at, from, to] = [heap.ints(indices), heap.values(params), heap.values(out)]
  for (let i = 0; i < count; i++) {
    let row = 0
    for (let d = 0; d < D; d++) row += at[i * D + d]! * strides[d]!
    to.set(from.subarray(row * sliceSize, (row + 1) * sliceSize), i * sliceSize)
  }
  return out
})
