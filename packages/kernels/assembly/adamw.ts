// One AdamW step for many tensors, in place, and the global norm of their gradients. Threads share the elements in chunks
// of a fixed size, so that sums do not depend on how many threads there are.

import { loadLanes, storeLanes } from './lanes'
import { JOB_ADAMW, JOB_SUM_SQUARES } from './op-job-ids'
import { sumSquaresRow } from './row-math'
import { madd, nmadd } from './simd'
import { parallelFor, threadCount } from './threads'

/** Elements of a chunk. */
// @ts-ignore: decorator
@inline const CHUNK: i32 = 8192

// One tensor of the table that src/ops/tensor-table.ts fills.
@unmanaged
class TensorEntry {
  /** Chunks of all tensors up to and including this one. */
  chunks: i32
  size: i32
  gradient: usize
  value: usize
  m: usize
  v: usize
  /** η / (1 - β1^t) */
  rate: f32
  /** 1 - η λ */
  decay: f32
}

// @ts-ignore: decorator
@inline const ENTRY_BYTES: usize = 32

@unmanaged
class TensorTable {
  count: i32
  chunks: i32
  entries: usize
  // AdamW only.
  beta1: f32
  beta2: f32
  epsilon: f32
  /** 1 / sqrt(1 - β2^t) */
  correction: f32
  /** What gradients are multiplied by. */
  scale: f32
  /** Global norm only: [chunks] f64, written. */
  sums: usize
}

export function chunkElements(): i32 {
  return CHUNK
}

// @ts-ignore: decorator
@inline
function entryAt(table: TensorTable, index: i32): TensorEntry {
  return changetype<TensorEntry>(table.entries + <usize>index * ENTRY_BYTES)
}

/** The tensor that a chunk belongs to. */
function entryOfChunk(table: TensorTable, chunk: i32): i32 {
  let low = 0
  let high = table.count - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (entryAt(table, middle).chunks > chunk) high = middle
    else low = middle + 1
  }
  return low
}

// Fewer chunks than this are not worth waking a thread for.
// @ts-ignore: decorator
@inline
function grain(chunks: i32): i32 {
  return max(4, (chunks + 4 * threadCount - 1) / (4 * threadCount))
}

export function adamWStep(address: usize): void {
  const table = changetype<TensorTable>(address)
  parallelFor(JOB_ADAMW, address, table.chunks, grain(table.chunks))
}

export function adamWChunks(address: usize, begin: i32, end: i32): void {
  const table = changetype<TensorTable>(address)
  let index = entryOfChunk(table, begin)
  for (let chunk = begin; chunk < end; chunk++) {
    while (entryAt(table, index).chunks <= chunk) index++
    const entry = entryAt(table, index)
    const first = (chunk - (index == 0 ? 0 : entryAt(table, index - 1).chunks)) * CHUNK
    updateChunk(table, entry, <usize>first << 2, min(CHUNK, entry.size - first))
  }
}

function updateChunk(table: TensorTable, entry: TensorEntry, at: usize, n: i32): void {
  const gradient = entry.gradient + at
  const value = entry.value + at
  const mean = entry.m + at
  const square = entry.v + at
  const scale = f32x4.splat(table.scale)
  const beta1 = f32x4.splat(table.beta1)
  const beta2 = f32x4.splat(table.beta2)
  const rest1 = f32x4.splat(<f32>1 - table.beta1)
  const rest2 = f32x4.splat(<f32>1 - table.beta2)
  const correction = f32x4.splat(table.correction)
  const epsilon = f32x4.splat(table.epsilon)
  const rate = f32x4.splat(entry.rate)
  const decay = f32x4.splat(entry.decay)
  for (let j = 0; j < n; j += 4) {
    const offset = <usize>j << 2
    const left = n - j
    const g = f32x4.mul(loadLanes(gradient + offset, left), scale)
    const m = madd(loadLanes(mean + offset, left), beta1, f32x4.mul(g, rest1))
    const v = madd(loadLanes(square + offset, left), beta2, f32x4.mul(f32x4.mul(g, g), rest2))
    const denominator = madd(f32x4.sqrt(v), correction, epsilon)
    const kept = f32x4.mul(loadLanes(value + offset, left), decay)
    storeLanes(mean + offset, m, left)
    storeLanes(square + offset, v, left)
    storeLanes(value + offset, nmadd(f32x4.div(m, denominator), rate, kept), left)
  }
}

/** The square root of the sum of the squares of all elements. */
export function globalNorm(address: usize): f64 {
  const table = changetype<TensorTable>(address)
  parallelFor(JOB_SUM_SQUARES, address, table.chunks, grain(table.chunks))
  let sum: f64 = 0
  for (let chunk = 0; chunk < table.chunks; chunk++) sum += f64.load(table.sums + (<usize>chunk << 3))
  return Math.sqrt(sum)
}

export function sumSquaresChunks(address: usize, begin: i32, end: i32): void {
  const table = changetype<TensorTable>(address)
  let index = entryOfChunk(table, begin)
  for (let chunk = begin; chunk < end; chunk++) {
    while (entryAt(table, index).chunks <= chunk) index++
    const entry = entryAt(table, index)
    const first = (chunk - (index == 0 ? 0 : entryAt(table, index - 1).chunks)) * CHUNK
    const n = min(CHUNK, entry.size - first)
    f64.store(table.sums + (<usize>chunk << 3), <f64>sumSquaresRow(entry.gradient + (<usize>first << 2), n, 0))
  }
}
