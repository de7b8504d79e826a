// Pooling (NHWC). Of ConvolutionArguments, `operand` is x, `out` the result, and inChannels = outChannels.

import { AVERAGE_POOL_ROWS, MAX_POOL_ROWS } from '../generated/job-ids'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { parallelFor } from '../threads/threads'
import { ConvolutionArguments, inputRow } from './convolution'
import { endFilterColumn, endFilterRow, firstFilterColumn, firstFilterRow } from './window'

// Elements of x that a part reads, about.
// @ts-ignore: decorator
@inline const PART: i32 = 16384

/** @entry The largest of every window, which leaves NaN out; padding does not count. */
export function maxPool(p: ConvolutionArguments): void {
  poolRows(MAX_POOL_ROWS, p)
}

/** @entry The mean of every window; padding does not count. */
export function averagePool(p: ConvolutionArguments): void {
  poolRows(AVERAGE_POOL_ROWS, p)
}

function poolRows(job: i32, p: ConvolutionArguments): void {
  const row = p.outWidth * p.outChannels * p.filterHeight * p.filterWidth
  parallelFor(job, changetype<usize>(p), p.batch * p.outHeight, max(1, PART / max(1, row)))
}

/** @job */
export function maxPoolRows(p: ConvolutionArguments, begin: i32, end: i32): void {
  visitRows(p, begin, end, true)
}

/** @job */
export function averagePoolRows(p: ConvolutionArguments, begin: i32, end: i32): void {
  visitRows(p, begin, end, false)
}

function visitRows(p: ConvolutionArguments, begin: i32, end: i32, largest: bool): void {
  const C = p.inChannels
  for (let row = begin; row < end; row++) {
    const b = row / p.outHeight
    const oh = row - b * p.outHeight
    const firstRow = firstFilterRow(p, oh)
    const rows = max(0, endFilterRow(p, oh) - firstRow)
    const ih = b * p.inHeight + inputRow(p, oh, firstRow)
    for (let ow = 0; ow < p.outWidth; ow++) {
      const firstColumn = firstFilterColumn(p, ow)
      const columns = max(0, endFilterColumn(p, ow) - firstColumn)
      const iw = ow * p.strideWidth - p.padLeft + firstColumn * p.dilationWidth
      const x = at(p.operand, (ih * p.inWidth + iw) * C)
      const y = at(p.out, (row * p.outWidth + ow) * C)
      if (largest) largestOf(p, x, rows, columns, y)
      else meanOf(p, x, rows, columns, y)
    }
  }
}

function largestOf(p: ConvolutionArguments, x: usize, rows: i32, columns: i32, y: usize): void {
  const C = p.inChannels
  const step = <usize>(p.dilationWidth * C) << 2
  const rowStep = <usize>(p.dilationHeight * p.inWidth * C) << 2
  let c = 0
  for (; c + 8 <= C; c += 8) {
    let m0 = f32x4.splat(-Infinity)
    let m1 = m0
    for (let fh = 0; fh < rows; fh++) {
      let from = at(x, c) + <usize>fh * rowStep
      for (let fw = 0; fw < columns; fw++) {
        m0 = f32x4.pmax(m0, v128.load(from))
        m1 = f32x4.pmax(m1, v128.load(from, 16))
        from += step
      }
    }
    v128.store(at(y, c), m0)
    v128.store(at(y, c), m1, 16)
  }
  for (; c < C; c += 4) {
    const n = C - c
    let largest = f32x4.splat(-Infinity)
    for (let fh = 0; fh < rows; fh++) {
      let from = at(x, c) + <usize>fh * rowStep
      for (let fw = 0; fw < columns; fw++) {
        largest = f32x4.pmax(largest, loadLanes(from, n))
        from += step
      }
    }
    storeLanes(at(y, c), largest, n)
  }
}

function meanOf(p: ConvolutionArguments, x: usize, rows: i32, columns: i32, y: usize): void {
  const C = p.inChannels
  const step = <usize>(p.dilationWidth * C) << 2
  const rowStep = <usize>(p.dilationHeight * p.inWidth * C) << 2
  const count = f32x4.splat(<f32>(rows * columns))
  let c = 0
  for (; c + 8 <= C; c += 8) {
    let s0 = f32x4.splat(0)
    let s1 = s0
    for (let fh = 0; fh < rows; fh++) {
      let from = at(x, c) + <usize>fh * rowStep
      for (let fw = 0; fw < columns; fw++) {
        s0 = f32x4.add(s0, v128.load(from))
        s1 = f32x4.add(s1, v128.load(from, 16))
        from += step
      }
    }
    v128.store(at(y, c), f32x4.div(s0, count))
    v128.store(at(y, c), f32x4.div(s1, count), 16)
  }
  for (; c < C; c += 4) {
    const n = C - c
    let sum = f32x4.splat(0)
    for (let fh = 0; fh < rows; fh++) {
      let from = at(x, c) + <usize>fh * rowStep
      for (let fw = 0; fw < columns; fw++) {
        sum = f32x4.add(sum, loadLanes(from, n))
        from += step
      }
    }
    storeLanes(at(y, c), f32x4.div(sum, count), n)
  }
}
