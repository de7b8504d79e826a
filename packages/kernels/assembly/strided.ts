// Copies between arrays of 32-bit elements that differ in their strides: transpose, slice, concatenate, tile, broadcast.

import { at } from './address'
import { JOB_COPY } from './job-ids'
import { parallelFor } from './threads'

/**
 * dst[d0, d1, d2, d3, d4] = src[d0, d1, d2, d3, d4], each with strides of its own, in elements.
 * src/kernels/copy.ts merges dimensions and orders them; `kind` says how the last two are copied.
 */
@unmanaged
class CopyArguments {
  kind: i32
  src: usize
  dst: usize
  d0: i32
  d1: i32
  d2: i32
  d3: i32
  d4: i32
  s0: i32
  s1: i32
  s2: i32
  s3: i32
  s4: i32
  t0: i32
  t1: i32
  t2: i32
  t3: i32
  t4: i32
}

/** The innermost dimension is contiguous on both sides. */
// @ts-ignore: decorator
@inline const RUNS: i32 = 0
/** The last dimension is contiguous in dst, the one before in src. */
// @ts-ignore: decorator
@inline const TRANSPOSE: i32 = 1

// @ts-ignore: decorator
@inline const PART: i32 = 16384

export function stridedCopy(address: usize): void {
  const p = changetype<CopyArguments>(address)
  const blocks = p.d0 * p.d1 * p.d2
  parallelFor(JOB_COPY, address, blocks, max(1, PART / max(1, p.d3 * p.d4)))
}

/** Blocks `begin` to `end` of the outer three dimensions. */
export function copyPart(address: usize, begin: i32, end: i32): void {
  const p = changetype<CopyArguments>(address)
  for (let block = begin; block < end; block++) {
    const i2 = block % p.d2
    const rest = block / p.d2
    const i1 = rest % p.d1
    const i0 = rest / p.d1
    const src = at(p.src, i0 * p.s0 + i1 * p.s1 + i2 * p.s2)
    const dst = at(p.dst, i0 * p.t0 + i1 * p.t1 + i2 * p.t2)
    if (p.kind == RUNS) copyRuns(src, dst, p.d3, p.d4, <usize>p.s3 << 2, <usize>p.t3 << 2)
    else if (p.kind == TRANSPOSE) transposeBlock(src, dst, p.d3, p.d4, <usize>p.s4 << 2, <usize>p.t3 << 2)
    else copyElements(p, src, dst)
  }
}

function copyRuns(src: usize, dst: usize, runs: i32, length: i32, srcPitch: usize, dstPitch: usize): void {
  const bytes = <usize>length << 2
  for (let run = 0; run < runs; run++) {
    if (length >= 64) memory.copy(dst, src, bytes)
    else {
      let i: usize = 0
      for (; i + 16 <= bytes; i += 16) v128.store(dst + i, v128.load(src + i))
      for (; i < bytes; i += 4) i32.store(dst + i, i32.load(src + i))
    }
    src += srcPitch
    dst += dstPitch
  }
}

/** dst[r, c] = src[c, r]: four by four, in bands of 16 columns, so that the lines of src are used while they are cached. */
function transposeBlock(src: usize, dst: usize, rows: i32, columns: i32, srcPitch: usize, dstPitch: usize): void {
  for (let band = 0; band < columns; band += 16) {
    const width = min(16, columns - band)
    const from = src + <usize>band * srcPitch
    const to = dst + (<usize>band << 2)
    let r = 0
    for (; r + 4 <= rows; r += 4) {
      let c = 0
      for (; c + 4 <= width; c += 4) {
        transpose4(at(from, r) + <usize>c * srcPitch, to + <usize>r * dstPitch + (<usize>c << 2), srcPitch, dstPitch)
      }
      for (; c < width; c++) {
        const s = at(from, r) + <usize>c * srcPitch
        const t = to + <usize>r * dstPitch + (<usize>c << 2)
        const x = v128.load(s)
        v128.store32_lane(t, x, 0)
        v128.store32_lane(t + dstPitch, x, 1)
        v128.store32_lane(t + 2 * dstPitch, x, 2)
        v128.store32_lane(t + 3 * dstPitch, x, 3)
      }
    }
    for (; r < rows; r++) {
      for (let c = 0; c < width; c++) {
        i32.store(to + <usize>r * dstPitch + (<usize>c << 2), i32.load(at(from, r) + <usize>c * srcPitch))
      }
    }
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

function copyElements(p: CopyArguments, src: usize, dst: usize): void {
  for (let i3 = 0; i3 < p.d3; i3++) {
    let s = at(src, i3 * p.s3)
    let t = at(dst, i3 * p.t3)
    for (let i4 = 0; i4 < p.d4; i4++) {
      i32.store(t, i32.load(s))
      s += <usize>p.s4 << 2
      t += <usize>p.t4 << 2
    }
  }
}
