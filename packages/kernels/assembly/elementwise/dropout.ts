// Dropout with a counter-based generator: element 4i + j is kept when word j of Philox4x32-10 with the counter [i, 0, 0, 0]
// is at least the threshold. Sixteen elements at a time: lane l of the four words belongs to counter i + l.
//
// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"

import { DROPOUT_BLOCKS } from '../generated/job-ids'
import { loadLanes, storeLanes } from '../memory/lanes'
import { parallelFor, threadCount } from '../threads/threads'

// @ts-ignore: decorator
@inline const M0: i32 = 0xd2511f53
// @ts-ignore: decorator
@inline const M1: i32 = 0xcd9e8d57
// @ts-ignore: decorator
@inline const W0: i32 = 0x9e3779b9
// @ts-ignore: decorator
@inline const W1: i32 = 0xbb67ae85

@unmanaged
export class DropoutArguments {
  size: i32
  x: usize
  y: usize
  key0: i32
  key1: i32
  threshold: u32
  /** Factor of the elements that are kept. */
  scale: f32
}

/** @entry y = x times the mask; its gradient is the same function of dy. */
export function dropout(p: DropoutArguments): void {
  const blocks = (p.size + 15) >> 4
  parallelFor(DROPOUT_BLOCKS, changetype<usize>(p), blocks, max(512, (blocks + threadCount - 1) / threadCount))
}

/** @job Elements 16 begin to 16 end. */
export function dropoutBlocks(p: DropoutArguments, begin: i32, end: i32): void {
  let counter = i32x4.add(i32x4.splat(begin << 2), i32x4(0, 1, 2, 3))
  const scale = f32x4.splat(p.scale)
  const threshold = i32x4.splat(p.threshold)
  const four = i32x4.splat(4)
  let x = p.x + (<usize>begin << 6)
  let y = p.y + (<usize>begin << 6)
  let left = p.size - (begin << 4)
  for (let block = begin; block < end; block++) {
    let c0 = counter
    let c1 = i32x4.splat(0)
    let c2 = i32x4.splat(0)
    let c3 = i32x4.splat(0)
    let k0 = p.key0
    let k1 = p.key1
    for (let round = 0; round < 10; round++) {
      const m0 = i32x4.splat(M0)
      const m1 = i32x4.splat(M1)
      const high0 = multiplyHigh(c0, m0)
      const high1 = multiplyHigh(c2, m1)
      const low0 = i32x4.mul(c0, m0)
      const low1 = i32x4.mul(c2, m1)
      c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(k0))
      c1 = low1
      c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(k1))
      c3 = low0
      k0 += W0
      k1 += W1
    }
    const low01 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5)
    const high01 = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7)
    const low23 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5)
    const high23 = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7)
    mask(x, y, v128.shuffle<i32>(low01, low23, 0, 1, 4, 5), threshold, scale, left)
    if (left > 4) mask(x + 16, y + 16, v128.shuffle<i32>(low01, low23, 2, 3, 6, 7), threshold, scale, left - 4)
    if (left > 8) mask(x + 32, y + 32, v128.shuffle<i32>(high01, high23, 0, 1, 4, 5), threshold, scale, left - 8)
    if (left > 12) mask(x + 48, y + 48, v128.shuffle<i32>(high01, high23, 2, 3, 6, 7), threshold, scale, left - 12)
    counter = i32x4.add(counter, four)
    x += 64
    y += 64
    left -= 16
  }
}

// @ts-ignore: decorator
@inline
function mask(x: usize, y: usize, words: v128, threshold: v128, scale: v128, left: i32): void {
  const kept = v128.and(i32x4.ge_u(words, threshold), scale)
  storeLanes(y, f32x4.mul(loadLanes(x, left), kept), left)
}

/** The upper 32 bits of the products of unsigned lanes. */
// @ts-ignore: decorator
@inline
function multiplyHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7)
}
