// One AdamW step for many tensors, in place.

import { ADAM_W_CHUNKS } from '../generated/job-ids'
import { loadLanes, storeLanes } from '../memory/lanes'
import { madd, nmadd } from '../math/simd'
import { parallelFor } from '../threads/threads'
import { CHUNK, chunksOfPart, entryAt, entryOfChunk, startOfChunk, TensorEntry, TensorTable } from './tensor-table'

@unmanaged
export class AdamWArguments extends TensorTable {
  beta1: f32
  beta2: f32
  epsilon: f32
  /** 1 / sqrt(1 - β2^t) */
  correction: f32
  /** Factor of the gradients. */
  scale: f32
}

/** @entry */
export function adamWStep(p: AdamWArguments): void {
  const chunks = p.chunks
  parallelFor(ADAM_W_CHUNKS, changetype<usize>(p), chunks, chunksOfPart(chunks))
}

/** @job */
export function adamWChunks(table: AdamWArguments, begin: i32, end: i32): void {
  let index = entryOfChunk(table, begin)
  for (let chunk = begin; chunk < end; chunk++) {
    while (entryAt(table, index).chunks <= chunk) index++
    const entry = entryAt(table, index)
    const first = startOfChunk(table, index, chunk)
    updateChunk(table, entry, <usize>first << 2, min(CHUNK, entry.size - first))
  }
}

function updateChunk(table: AdamWArguments, entry: TensorEntry, at: usize, n: i32): void {
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
