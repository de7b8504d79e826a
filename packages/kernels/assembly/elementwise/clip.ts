// Elements between two bounds.

import { CLIP_PART } from '../generated/job-ids'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { parallelFor } from '../threads/threads'

// @ts-ignore: decorator
@inline const PART: i32 = 16384

@unmanaged
export class ClipArguments {
  x: usize
  y: usize
  size: i32
  low: f32
  high: f32
}

/** @entry y = min(max(x, low), high); NaN stays NaN. */
export function clip(p: ClipArguments): void {
  parallelFor(CLIP_PART, changetype<usize>(p), p.size, PART)
}

/** @job Elements `begin` to `end`. */
export function clipPart(p: ClipArguments, begin: i32, end: i32): void {
  const low = f32x4.splat(p.low)
  const high = f32x4.splat(p.high)
  for (let i = begin; i < end; i += 4) {
    const n = end - i
    // pmax and pmin return their first operand unless the second is larger, or smaller: NaN is neither.
    storeLanes(at(p.y, i), f32x4.pmin(f32x4.pmax(loadLanes(at(p.x, i), n), low), high), n)
  }
}
