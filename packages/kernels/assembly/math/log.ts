// ln x for one float.

import { logF32x4 } from './math'

// @ts-ignore: decorator
@inline
export function logF32(x: f32): f32 {
  return f32x4.extract_lane(logF32x4(f32x4.splat(x)), 0)
}
