// Lists of tensors that one kernel works on. Threads share the elements in chunks of a fixed size, so that sums do not depend
// on how many threads there are.

import { threadCount } from '../threads/threads'

/** Elements of a chunk. */
// @ts-ignore: decorator
@inline export const CHUNK: i32 = 8192

/** One tensor of a table. */
@unmanaged
export class TensorEntry {
  /** Chunks of all tensors up to and including this one. */
  chunks: i32
  size: i32
  gradient: usize
  value: usize = 0
  /** The optimizer's averages of past gradients and of their squares. */
  m: usize = 0
  v: usize = 0
  /** AdamW: η / (1 - β1^t); SGD: η */
  rate: f32 = 0
  /** AdamW: 1 - η λ; SGD: λ */
  decay: f32 = 0
}

// @ts-ignore: decorator
@inline const ENTRY_BYTES: usize = 32

/** The head of an argument block. */
@unmanaged
export class TensorTable {
  count: i32
  chunks: i32
  entries: usize
}

/** @entry */
export function chunkElements(): i32 {
  return CHUNK
}

// @ts-ignore: decorator
@inline
export function entryAt(table: TensorTable, index: i32): TensorEntry {
  return changetype<TensorEntry>(table.entries + <usize>index * ENTRY_BYTES)
}

/** The tensor that a chunk belongs to. */
export function entryOfChunk(table: TensorTable, chunk: i32): i32 {
  let low = 0
  let high = table.count - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (entryAt(table, middle).chunks > chunk) high = middle
    else low = middle + 1
  }
  return low
}

/** The first element of a chunk in its tensor. */
export function startOfChunk(table: TensorTable, index: i32, chunk: i32): i32 {
  return (chunk - (index == 0 ? 0 : entryAt(table, index - 1).chunks)) * CHUNK
}

/** Chunks of a part; fewer than four are not worth waking a thread for. */
// @ts-ignore: decorator
@inline
export function chunksOfPart(chunks: i32): i32 {
  return max(4, (chunks + 4 * threadCount - 1) / (4 * threadCount))
}
