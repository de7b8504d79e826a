// One step of stochastic gradient descent for many tensors, in place.

import { SGD_CHUNKS } from '../generated/job-ids'
import { loadLanes, storeLanes } from '../memory/lanes'
import { madd, nmadd } from '../math/simd'
import { CHUNK, chunksOfPart, entryAt, entryOfChunk, startOfChunk, TensorEntry, TensorTable } from './tensor-table'
import { parallelFor } from '../threads/threads'

@unmanaged
export class SgdArguments extends TensorTable {
  momentum: f32
  /** Factor of the gradients. */
  scale: f32
  nesterov: i32
}

/** @entry */
export function sgdStep(p: SgdArguments): void {
  const chunks = p.chunks
  parallelFor(SGD_CHUNKS, changetype<usize>(p), chunks, chunksOfPart(chunks))
}

/** @job */
export function sgdChunks(table: SgdArguments, begin: i32, end: i32): void {
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
