// out[S, D] = sum over i with ids[i] = s of x[i, D]: the gradient of an embedding look-up.

import { SEGMENT_SUM_COLUMNS } from '../generated/job-ids'
import { parallelFor, threadCount } from '../threads/threads'

@unmanaged
export class SegmentSumArguments {
  count: i32
  size: i32
  segments: i32
  x: usize
  ids: usize
  out: usize
}

/** @entry Ids outside 0 … segments - 1 are dropped, as tfjs and TensorFlow drop them. */
export function segmentSum(p: SegmentSumArguments): void {
  const columns = (p.size + 15) >> 4
  if (threadCount > 1 && <i64>p.count * p.size + <i64>p.segments * p.size > 65536 && columns > 1) {
    parallelFor(SEGMENT_SUM_COLUMNS, changetype<usize>(p), columns, 1)
  } else segmentSumColumns(p, 0, columns)
}

/** @job Columns 16 begin to 16 end of all rows: threads share columns, so that each sum has one owner and one order. */
export function segmentSumColumns(p: SegmentSumArguments, begin: i32, end: i32): void {
  const first = begin << 4
  const columns = min(p.size, end << 4) - first
  if (columns <= 0) return
  const pitch = <usize>p.size << 2
  const bytes = <usize>columns << 2
  const out = p.out + (<usize>first << 2)
  if (columns == p.size) memory.fill(out, 0, pitch * p.segments)
  else for (let s = 0; s < p.segments; s++) memory.fill(out + <usize>s * pitch, 0, bytes)
  const whole = bytes & ~15
  let row = p.x + (<usize>first << 2)
  for (let i = 0; i < p.count; i++) {
    const id = i32.load(p.ids + (<usize>i << 2))
    if (<u32>id < <u32>p.segments) {
      const sum = out + <usize>id * pitch
      let j: usize = 0
      for (; j < whole; j += 16) v128.store(sum + j, f32x4.add(v128.load(sum + j), v128.load(row + j)))
      for (; j < bytes; j += 4) f32.store(sum + j, f32.load(sum + j) + f32.load(row + j))
    }
    row += pitch
  }
}
