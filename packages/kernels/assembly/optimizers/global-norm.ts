// The norm of many tensors as one vector.

import { SUM_SQUARES_CHUNKS } from '../generated/job-ids'
import { sumSquaresRow } from '../math/row-math'
import { CHUNK, chunksOfPart, entryAt, entryOfChunk, startOfChunk, TensorTable } from './tensor-table'
import { parallelFor } from '../threads/threads'

@unmanaged
export class NormArguments extends TensorTable {
  /** [chunks] f64, written. */
  sums: usize
}

/** @entry The square root of the sum of the squares of all elements. */
export function globalNorm(table: NormArguments): f64 {
  parallelFor(SUM_SQUARES_CHUNKS, changetype<usize>(table), table.chunks, chunksOfPart(table.chunks))
  let sum: f64 = 0
  for (let chunk = 0; chunk < table.chunks; chunk++) sum += f64.load(table.sums + (<usize>chunk << 3))
  return Math.sqrt(sum)
}

/** @job */
export function sumSquaresChunks(table: NormArguments, begin: i32, end: i32): void {
  let index = entryOfChunk(table, begin)
  for (let chunk = begin; chunk < end; chunk++) {
    while (entryAt(table, index).chunks <= chunk) index++
    const entry = entryAt(table, index)
    const first = startOfChunk(table, index, chunk)
    const n = min(CHUNK, entry.size - first)
    f64.store(table.sums + (<usize>chunk << 3), <f64>sumSquaresRow(entry.gradient + (<usize>first << 2), n, 0))
  }
}
