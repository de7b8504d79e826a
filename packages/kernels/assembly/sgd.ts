// One step of stochastic gradient descent for many tensors, in place.

import { loadLanes, storeLanes } from './lanes'
import { JOB_SGD } from './op-job-ids'
import { madd, nmadd } from './simd'
import { CHUNK, chunksOfPart, entryAt, entryOfChunk, startOfChunk, TensorEntry, TensorTable } from './tensor-table'
import { parallelFor } from './threads'

// Filled by src/ops/sgd.ts.
@unmanaged
class SgdArguments extends TensorTable {
  momentum: f32
  /** What gradients are multiplied by. */
  scale: f32
  nesterov: i32
}

export function sgdStep(address: usize): void {
  const chunks = changetype<TensorTable>(address).chunks
  parallelFor(JOB_SGD, address, chunks, chunksOfPart(chunks))
}

export function sgdChunks(address: usize, begin: i32, end: i32): void {
  const table = changetype<SgdArguments>(address)
  let index = entryOfChunk(table, begin)
  for (let chunk = begin; chunk < end; chunk++) {
    while (entryAt(table, index).chunks <= chunk) index++
    const entry = entryAt(table, index)
    const first = startOfChunk(table, index, chunk)
    const n = min(CHUNK, entry.size - first)
    if (entry.m == 0) updatePlain(table, entry, <usize>first << 2, n)
    else updateWithMomentum(table, entry, <usize>first << 2, n)
  }
}

/** w = w - η (g + λ w) */
function updatePlain(table: SgdArguments, entry: TensorEntry, at: usize, n: i32): void {
  const scale = f32x4.splat(table.scale)
  const rate = f32x4.splat(entry.rate)
  const decay = f32x4.splat(entry.decay)
  for (let j = 0; j < n; j += 4) {
    const offset = at + (<usize>j << 2)
    const left = n - j
    const value = loadLanes(entry.value + offset, left)
    const g = madd(value, decay, f32x4.mul(loadLanes(entry.gradient + offset, left), scale))
    storeLanes(entry.value + offset, nmadd(g, rate, value), left)
  }
}

/** u = μ u + g + λ w, then w = w - η u; with Nesterov's momentum w = w - η (g + λ w + μ u). */
function updateWithMomentum(table: SgdArguments, entry: TensorEntry, at: usize, n: i32): void {
  const scale = f32x4.splat(table.scale)
  const momentum = f32x4.splat(table.momentum)
  const rate = f32x4.splat(entry.rate)
  const decay = f32x4.splat(entry.decay)
  for (let j = 0; j < n; j += 4) {
    const offset = at + (<usize>j << 2)
    const left = n - j
    const value = loadLanes(entry.value + offset, left)
    const g = madd(value, decay, f32x4.mul(loadLanes(entry.gradient + offset, left), scale))
    const u = madd(loadLanes(entry.m + offset, left), momentum, g)
    const direction = table.nesterov ? madd(u, momentum, g) : u
    storeLanes(entry.m + offset, u, left)
    storeLanes(entry.value + offset, nmadd(direction, rate, value), left)
  }
}
