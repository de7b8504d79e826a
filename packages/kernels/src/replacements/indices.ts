import type { TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import type { Heap } from '../heap.ts'

/**
 * Refuses indices that lie outside of a dimension, before a kernel reads or writes by them.
 *
 * @throws HeddleError `shape` that names the index and the size
 */
export function checkIndices(where: string, heap: Heap, indices: TensorInfo, size: number): void {
  if (indices.dtype !== 'int32') {
    throw new KernelError(
      'shape',
      `${where}: expected int32 indices, got ${indices.dtype} [${indices.shape}]. Cast them.`,
    )
  }
  for (const index of heap.ints(indices)) if (index < 0 || index >= size) refuse(where, index, size)
}

/**
 * Refuses rows of indices [..., D] that lie outside of the first D dimensions of a shape.
 *
 * @throws HeddleError `shape` that names the index and the size
 */
export function checkIndexRows(
  where: string,
  heap: Heap,
  indices: TensorInfo,
  shape: readonly number[],
  D: number,
): void {
  if (indices.dtype !== 'int32') {
    throw new KernelError(
      'shape',
      `${where}: expected int32 indices, got ${indices.dtype} [${indices.shape}]. Cast them.`,
    )
  }
  const values = heap.ints(indices)
  for (let i = 0; i < values.length; i++) {
    const [index, size] = [values[i]!, shape[i % D]!]
    if (index < 0 || index >= size) refuse(where, index, size, i % D)
  }
}

function refuse(where: string, index: number, size: number, dimension = 0): never {
  const range = size === 0 ? 'no index, since the dimension is empty' : `indices from 0 to ${size - 1}`
  throw new KernelError(
    'shape',
    `${where}: expected ${range}, got ${index} for dimension ${dimension} of size ${size}.`,
  )
}
