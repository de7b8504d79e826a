// Rotary positions: pairs of numbers of every head, (i, i + R/2), turned by the angle of their step, in one pass. The gradient is
// the same turn by the opposite angles.

import { ROTARY_STEPS } from '../generated/job-ids'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { parallelFor, threadCount } from '../threads/threads'

@unmanaged
export class RotaryArguments {
  /** B · T */
  steps: i32
  /** T */
  time: i32
  heads: i32
  /** K */
  size: i32
  /** R / 2 */
  half: i32
  /** 1, or -1 to turn back. */
  direction: f32
  /** [B, T, N, K], as `y` */
  x: usize
  /** [T, R / 2] */
  cos: usize
  sin: usize
  y: usize
}

// @ts-ignore: decorator
@inline const LEAST_ELEMENTS: i32 = 16384

/** @entry */
export function rotary(p: RotaryArguments): void {
  const least = (LEAST_ELEMENTS + p.heads * p.size - 1) / (p.heads * p.size)
  parallelFor(ROTARY_STEPS, changetype<usize>(p), p.steps, max(least, (p.steps + 4 * threadCount - 1) / (4 * threadCount)))
}

/** @job */
export function rotarySteps(p: RotaryArguments, begin: i32, end: i32): void {
  const half = p.half
  const rest = p.size - 2 * half
  const direction = f32x4.splat(p.direction)
  for (let step = begin; step < end; step++) {
    const cos = at(p.cos, (step % p.time) * half)
    const sin = at(p.sin, (step % p.time) * half)
    for (let head = 0; head < p.heads; head++) {
      const x = at(p.x, (step * p.heads + head) * p.size)
      const y = at(p.y, (step * p.heads + head) * p.size)
      for (let i = 0; i < half; i += 4) {
        const n = half - i
        const c = loadLanes(at(cos, i), n)
        const s = f32x4.mul(loadLanes(at(sin, i), n), direction)
        const first = loadLanes(at(x, i), n)
        const second = loadLanes(at(x, half + i), n)
        storeLanes(at(y, i), f32x4.sub(f32x4.mul(first, c), f32x4.mul(second, s)), n)
        storeLanes(at(y, half + i), f32x4.add(f32x4.mul(second, c), f32x4.mul(first, s)), n)
      }
      if (rest > 0) memory.copy(at(y, 2 * half), at(x, 2 * half), <usize>rest << 2)
    }
  }
}
