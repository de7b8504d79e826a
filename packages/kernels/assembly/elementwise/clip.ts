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
  let i = begin
  for (; i + 16 <= end; i += 16) {
    const x = at(p.x, i)
    const y = at(p.y, i)
    const x0 = within(v128.load(x), low, high)
    const x1 = within(v128.load(x, 16), low, high)
    const x2 = within(v128.load(x, 32), low, high)
    const x3 = within(v128.load(x, 48), low, high)
    v128.store(y, x0)
    v128.store(y, x1, 16)
    v128.store(y, x2, 32)
    v128.store(y, x3, 48)
  }
  for (; i < end; i += 4) storeLanes(at(p.y, i), within(loadLanes(at(p.x, i), end - i), low, high), end - i)
}

// pmax and pmin return their first operand unless the second is larger, or smaller: NaN is neither.
// @ts-ignore: decorator
@inline
function within(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high)
}
