// The norm of many tensors as one vector.

import { JOB_SUM_SQUARES } from './op-job-ids'
import { sumSquaresRow } from './row-math'
import { CHUNK, chunksOfPart, entryAt, entryOfChunk, startOfChunk, TensorTable } from './tensor-table'
import { parallelFor } from './threads'

// Filled by src/ops/global-norm.ts.
@unmanaged
class NormArguments extends TensorTable {
  /** [chunks] f64, written. */
  sums: usize
}

/** The square root of the sum of the squares of all elements. */
export function globalNorm(address: usize): f64 {
  const table = changetype<NormArguments>(address)
  parallelFor(JOB_SUM_SQUARES, address, table.chunks, chunksOfPart(table.chunks))
  let sum: f64 = 0
  for (let chunk = 0; chunk < table.chunks; chunk++) sum += f64.load(table.sums + (<usize>chunk << 3))
  return Math.sqrt(sum)
}

export function sumSquaresChunks(address: usize, begin: i32, end: i32): void {
  const table = changetype<NormArguments>(address)
  let index = entryOfChunk(table, begin)
  for (let chunk = begin; chunk < end; chunk++) {
    while (entryAt(table, index).chunks <= chunk) index++
    const entry = entryAt(table, index)
    const first = startOfChunk(table, index, chunk)
    const n = min(CHUNK, entry.size - first)
    f64.store(table.sums + (<usize>chunk << 3), <f64>sumSquaresRow(entry.gradient + (<usize>first << 2), n, 0))
  }
}
