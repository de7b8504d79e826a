import {
  SparseFillEmptyRows,
  SparseReshape,
  SparseSegmentMean,
  SparseSegmentSum,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { defineKernel, guardKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { checkIndexRows, checkIndices } from './indices.ts'

/** `tf.sparse.sparseSegmentMean` and `…Sum`: rows of data by index, added up by segment; the ids may not fall. */
export const sparseSegmentKernels: readonly WasmKernel[] = [SparseSegmentMean, SparseSegmentSum].map((name) =>
  defineKernel(name, (call) => reduceSegments(name, call)),
)

function reduceSegments(name: string, { inputs, heap }: KernelCall): TensorInfo {
  const { data, indices, segmentIds } = inputs as Record<'data' | 'indices' | 'segmentIds', TensorInfo>
  const [n] = indices.shape
  if (
    data.dtype !== 'float32' ||
    data.shape.length < 1 ||
    indices.shape.length !== 1 ||
    `${segmentIds.shape}` !== `${n}` ||
    segmentIds.dtype !== 'int32'
  ) {
    throw new KernelError(
      'shape',
      `${name}: expected float32 data [R, ...] and as many int32 segment ids as indices, got ${data.dtype} [${data.shape}], [${indices.shape}] and ${segmentIds.dtype} [${segmentIds.shape}].`,
    )
  }
  checkIndices(name, heap, indices, data.shape[0]!)
  let last = 0
  for (const id of heap.ints(segmentIds)) {
    if (id < last)
      throw new KernelError(
        'shape',
        `${name}: expected segment ids that do not fall, from 0 on, got ${id} after ${last}.`,
      )
    last = id
  }
  const out = heap.makeOutput([n === 0 ? 0 : last + 1, ...data.shape.slice(1)])
  const [rows, ids, from, to] = [heap.ints(indices), heap.ints(segmentIds), heap.floats(data), heap.floats(out)]
  const size = sizeOf(data.shape.slice(1))
  to.fill(0)
  for (let begin = 0; begin < ids.length; ) {
    let end = begin
    while (end < ids.length && ids[end] === ids[begin]) end++
    const target = ids[begin]! * size
    for (let i = begin; i < end; i++) for (let j = 0; j < size; j++) to[target + j]! += from[rows[i]! * size + j]!
    if (name === SparseSegmentMean) for (let j = 0; j < size; j++) to[target + j]! /= end - begin
    begin = end
  }
  return out
}

/** `tf.sparse.sparseFillEmptyRows`: tfjs's own kernel believes the sizes that it is told. */
export const sparseFillEmptyRows = guardKernel(SparseFillEmptyRows, ({ inputs, heap, stock }) => {
  const { indices, values, denseShape, defaultValue } = inputs as Record<string, TensorInfo> as Record<
    'indices' | 'values' | 'denseShape' | 'defaultValue',
    TensorInfo
  >
  const [n, rank] = indices.shape
  const fits =
    indices.dtype === 'int32' &&
    indices.shape.length === 2 &&
    rank! > 0 &&
    `${values.shape}` === `${n}` &&
    `${denseShape.shape}` === `${rank}` &&
    denseShape.dtype === 'int32' &&
    (values.dtype === 'float32' || values.dtype === 'int32') &&
    defaultValue.dtype === values.dtype &&
    sizeOf(defaultValue.shape) === 1
  if (!fits || heap.ints(denseShape)[0]! < 0) {
    throw new KernelError(
      'shape',
      `sparseFillEmptyRows: expected int32 indices [N, D], values [N], a dense shape [D] and one default value, got [${indices.shape}], ${values.dtype} [${values.shape}], [${denseShape.shape}] and ${defaultValue.dtype} [${defaultValue.shape}].`,
    )
  }
  return stock()
})

/** `tf.sparse.sparseReshape`: tfjs's own kernel believes the sizes that it is told. */
export const sparseReshape = guardKernel(SparseReshape, ({ inputs, heap, stock }) => {
  const { inputIndices, inputShape, newShape } = inputs as Record<
    'inputIndices' | 'inputShape' | 'newShape',
    TensorInfo
  >
  const fits =
    [inputIndices, inputShape, newShape].every(({ dtype }) => dtype === 'int32') &&
    inputIndices.shape.length === 2 &&
    `${inputShape.shape}` === `${inputIndices.shape[1]}` &&
    newShape.shape.length === 1
  const positive = fits && heap.ints(inputShape).every((n) => n > 0) && !heap.ints(newShape).includes(0)
  if (!positive) {
    throw new KernelError(
      'shape',
      `sparseReshape: expected int32 indices [N, D] and shapes [D] and [E] of sizes above 0, got [${inputIndices.shape}], [${inputShape.shape}] and [${newShape.shape}].`,
    )
  }
  checkIndexRows('sparseReshape', heap, inputIndices, [...heap.ints(inputShape)], inputIndices.shape[1]!)
  return stock()
})
