// Copies between arrays of 32-bit elements that differ in their strides: transpose, slice, concatenate, tile, broadcast.

import { COPY_PART } from '../generated/job-ids'
import { at } from './address'
import { tileScratch } from './scratch'
import { parallelFor } from '../threads/threads'

/**
 * dst[i0, i1, i2, i3, i4] = src[i0, i1, i2, i3, i4], each with strides of its own, in elements. The caller merges dimensions
 * and orders them as `kind` asks.
 */
@unmanaged
export class CopyArguments {
  /** Of `CopyKind`. */
  kind: i32
  src: usize
  dst: usize
  size0: i32
  size1: i32
  size2: i32
  size3: i32
  size4: i32
  srcStride0: i32
  srcStride1: i32
  srcStride2: i32
  srcStride3: i32
  srcStride4: i32
  dstStride0: i32
  dstStride1: i32
  dstStride2: i32
  dstStride3: i32
  dstStride4: i32
}

/** Ways to copy the last two dimensions. */
export const enum CopyKind {
  /** The innermost dimension is contiguous on both sides. */
  RUNS = 0,
  /** The last dimension is contiguous in dst, the one before in src. */
  TRANSPOSE = 1,
  /** Element by element. */
  ELEMENTS = 2,
}

// @ts-ignore: decorator
@inline const PART: i32 = 16384

// Columns of dst that are transposed at a time, so that the lines of src are used while they are cached.
// @ts-ignore: decorator
@inline const BAND: i32 = 16

/** A block of the last two dimensions is copied in units: bands of columns where it is transposed, else rows. */
// @ts-ignore: decorator
@inline
function unitsPerBlock(p: CopyArguments): i32 {
  return p.kind == CopyKind.TRANSPOSE ? (p.size4 + BAND - 1) / BAND : p.size3
}

/** @entry */
export function stridedCopy(p: CopyArguments): void {
  const elements = p.kind == CopyKind.TRANSPOSE ? p.size3 * BAND : p.size4
  parallelFor(COPY_PART, changetype<usize>(p), p.size0 * p.size1 * p.size2 * unitsPerBlock(p), max(1, PART / max(1, elements)))
}

/** @job Units `begin` to `end` of all blocks of the outer three dimensions. */
export function copyPart(p: CopyArguments, begin: i32, end: i32): void {
  const units = unitsPerBlock(p)
  let unit = begin
  while (unit < end) {
    const block = unit / units
    const first = unit - block * units
    const count = min(units - first, end - unit)
    unit += count
    const i2 = block % p.size2
    const rest = block / p.size2
    const i1 = rest % p.size1
    const i0 = rest / p.size1
    const src = at(p.src, i0 * p.srcStride0 + i1 * p.srcStride1 + i2 * p.srcStride2)
    const dst = at(p.dst, i0 * p.dstStride0 + i1 * p.dstStride1 + i2 * p.dstStride2)
    if (p.kind == CopyKind.TRANSPOSE) {
      for (let band = first; band < first + count; band++) {
        const column = band * BAND
        transposeBand(at(src, column * p.srcStride4), at(dst, column), p.size3, min(BAND, p.size4 - column), p.srcStride4, p.dstStride3)
      }
    } else {
      const from = at(src, first * p.srcStride3)
      const to = at(dst, first * p.dstStride3)
      if (p.kind == CopyKind.RUNS) copyRuns(from, to, count, p.size4, <usize>p.srcStride3 << 2, <usize>p.dstStride3 << 2)
      else copyElements(p, from, to, count)
    }
  }
}

// From this length on, the engine's own copy is the fastest.
// @ts-ignore: decorator
@inline export const LONG_RUN: i32 = 512

function copyRuns(src: usize, dst: usize, runs: i32, length: i32, srcPitch: usize, dstPitch: usize): void {
  for (let run = 0; run < runs; run++) {
    if (length >= LONG_RUN) memory.copy(dst, src, <usize>length << 2)
    else copyRun(src, dst, length)
    src += srcPitch
    dst += dstPitch
  }
}

/** n elements that lie side by side on both sides. */
// @ts-ignore: decorator
@inline
export function copyRun(src: usize, dst: usize, length: i32): void {
  let i = 0
  for (; i + 8 <= length; i += 8) {
    const first = v128.load(at(src, i))
    const second = v128.load(at(src, i), 16)
    v128.store(at(dst, i), first)
    v128.store(at(dst, i), second, 16)
  }
  for (; i + 4 <= length; i += 4) v128.store(at(dst, i), v128.load(at(src, i)))
  for (; i < length; i++) i32.store(at(dst, i), i32.load(at(src, i)))
}

/** dst[r, c] = src[c, r] for one band of columns, four by four. */
function transposeBand(src: usize, dst: usize, rows: i32, width: i32, srcStride: i32, dstStride: i32): void {
  const srcPitch = <usize>srcStride << 2
  const dstPitch = <usize>dstStride << 2
  let r = 0
  if (width == BAND) for (; r + BAND <= rows; r += BAND) transposeTile(at(src, r), dst + <usize>r * dstPitch, srcPitch, dstPitch)
  for (; r + 4 <= rows; r += 4) {
    const to = dst + <usize>r * dstPitch
    let s = at(src, r)
    let c = 0
    for (; c + 4 <= width; c += 4) {
      transpose4(s, at(to, c), srcPitch, dstPitch)
      s += srcPitch << 2
    }
    for (; c < width; c++) {
      const x = v128.load(s)
      const t = at(to, c)
      v128.store32_lane(t, x, 0)
      v128.store32_lane(t + dstPitch, x, 1)
      v128.store32_lane(t + 2 * dstPitch, x, 2)
      v128.store32_lane(t + 3 * dstPitch, x, 3)
      s += srcPitch
    }
  }
  for (; r < rows; r++) {
    const to = dst + <usize>r * dstPitch
    for (let c = 0; c < width; c++) i32.store(at(to, c), i32.load(at(src, r) + <usize>c * srcPitch))
  }
}

/**
 * 16 by 16, by way of scratch memory: every line of src is read once and every line of dst written once. Rows that lie a
 * power of two apart share a few places in the cache, and would push each other out between two visits.
 */
function transposeTile(src: usize, dst: usize, srcPitch: usize, dstPitch: usize): void {
  for (let row: usize = 0; row < 16; row++) {
    const to = tileScratch + (row << 6)
    const x0 = v128.load(src)
    const x1 = v128.load(src, 16)
    const x2 = v128.load(src, 32)
    const x3 = v128.load(src, 48)
    v128.store(to, x0)
    v128.store(to, x1, 16)
    v128.store(to, x2, 32)
    v128.store(to, x3, 48)
    src += srcPitch
  }
  for (let r: usize = 0; r < 64; r += 16) {
    transpose4(tileScratch + r, dst, 64, dstPitch)
    transpose4(tileScratch + r + 256, dst + 16, 64, dstPitch)
    transpose4(tileScratch + r + 512, dst + 32, 64, dstPitch)
    transpose4(tileScratch + r + 768, dst + 48, 64, dstPitch)
    dst += dstPitch << 2
  }
}

// @ts-ignore: decorator
@inline
function transpose4(src: usize, dst: usize, srcPitch: usize, dstPitch: usize): void {
  const x0 = v128.load(src)
  const x1 = v128.load(src + srcPitch)
  const x2 = v128.load(src + 2 * srcPitch)
  const x3 = v128.load(src + 3 * srcPitch)
  const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7)
  const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5)
  const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7)
  v128.store(dst, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5))
  v128.store(dst + dstPitch, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7))
  v128.store(dst + 2 * dstPitch, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5))
  v128.store(dst + 3 * dstPitch, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7))
}

function copyElements(p: CopyArguments, src: usize, dst: usize, rows: i32): void {
  for (let i3 = 0; i3 < rows; i3++) {
    let s = at(src, i3 * p.srcStride3)
    let t = at(dst, i3 * p.dstStride3)
    for (let i4 = 0; i4 < p.size4; i4++) {
      i32.store(t, i32.load(s))
      s += <usize>p.srcStride4 << 2
      t += <usize>p.dstStride4 << 2
    }
  }
}
