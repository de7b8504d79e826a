// Scores of a block of queries, forward and backward.
//
// S keys of a block, D numbers added to scores by the distance of query and key

import { gemm } from '../gemm/gemm'
import { madd } from '../math/simd'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { AttentionArguments, floats } from './attention-arguments'

/** 0 for the keys from `begin` to `end` that a batch row shows, -infinity for those that it hides. */
export function maskToNumbers(p: AttentionArguments, b: i32, begin: i32, end: i32, bias: usize): void {
  if (p.mask == 0) return
  const mask = p.mask + <usize>(b * p.keys)
  for (let s = begin; s < end; s++) {
    f32.store(bias + floats(s), load<u8>(mask + <usize>s) != 0 ? <f32>0 : -Infinity)
  }
}

/** scores[rows, S] = Q·Kᵀ for the S keys from `begin` on, not yet scaled. */
// @ts-ignore: decorator
@inline
export function rawScores(p: AttentionArguments, b: i32, h: i32, first: i32, rows: i32, begin: i32, S: i32, scores: usize): void {
  const query = p.query + floats(b * p.queryBatch + h * p.queryHead + first * p.queryStep)
  const key = p.key + floats(b * p.keyBatch + (h / p.group) * p.keyHead + begin * p.keyStep)
  gemm(rows, S, p.keySize, query, p.queryStep, 1, key, 1, p.keyStep, scores, S, false, 0, 0, 0)
}

/** Zeros before and behind the n keys from `from` on. */
// @ts-ignore: decorator
@inline
export function clearHidden(row: usize, from: i32, n: i32, S: i32): void {
  memory.fill(row, 0, floats(from))
  memory.fill(row + floats(from + n), 0, floats(S - from - n))
}

/** Offset of D of query t and key s within the rows of distances. */
// @ts-ignore: decorator
@inline
export function distanceOf(p: AttentionArguments, h: i32, t: i32, s: i32): usize {
  return floats(h * (p.queries + p.keys - 1) + p.queries - 1 + s - t)
}

/** Scales n scores of query t and adds D, where there is one; returns the scale that they still need. */
export function addDistances(p: AttentionArguments, h: i32, t: i32, s: i32, n: i32, x: usize): f32 {
  if (p.distances == 0) return p.scale
  const d = p.distances + distanceOf(p, h, t, s)
  const factor = f32x4.splat(p.scale)
  for (let j = 0; j < n; j += 4) {
    storeLanes(at(x, j), madd(loadLanes(at(x, j), n - j), factor, loadLanes(at(d, j), n - j)), n - j)
  }
  return 1
}
