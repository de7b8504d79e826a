// A depth-wise convolution (NHWC): every channel by a filter of its own. Channel c of x makes channels c Q to c Q + Q - 1 of
// y; for Q > 1 x is first spread to as many channels as y has, and the rest is the same.

import { DEPTHWISE_ROWS, SPREAD_CHANNELS } from '../generated/job-ids'
import { activate } from '../math/activation'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { madd } from '../math/simd'
import { parallelFor } from '../threads/threads'
import { inputRow } from './convolution'
import { ForwardArguments } from './forward'
import { endFilterColumn, endFilterRow, firstFilterColumn, firstFilterRow } from './window'

// Multiply-adds of a part, at least.
// @ts-ignore: decorator
@inline const PART: i32 = 65536

/**
 * @entry y[position, c] = activation(sum over (h, w) of x[position + (h, w), c] filter[h, w, c] + bias[c]). `workspace` is memory for
 * x with the channels of y, where y has more.
 */
export function depthwiseForward(p: ForwardArguments): void {
  if (p.outChannels != p.inChannels) {
    const pixels = p.batch * p.inHeight * p.inWidth
    parallelFor(SPREAD_CHANNELS, changetype<usize>(p), pixels, max(1, PART / p.outChannels))
    p.operand = p.workspace
    p.inChannels = p.outChannels
  }
  const row = p.outWidth * p.outChannels * p.filterHeight * p.filterWidth
  parallelFor(DEPTHWISE_ROWS, changetype<usize>(p), p.batch * p.outHeight, max(1, PART / row))
}

/** @job Pixels of x, every channel repeated. */
export function spreadChannels(p: ForwardArguments, begin: i32, end: i32): void {
  const Q = p.outChannels / p.inChannels
  let to = at(p.workspace, begin * p.outChannels)
  for (let i = begin * p.inChannels; i < end * p.inChannels; i++) {
    const x = f32.load(at(p.operand, i))
    for (let q = 0; q < Q; q++) {
      f32.store(to, x)
      to += 4
    }
  }
}

/** @job Rows of y. */
export function depthwiseRows(p: ForwardArguments, begin: i32, end: i32): void {
  const C = p.outChannels
  const finish = p.bias != 0 || p.activation != 0
  for (let row = begin; row < end; row++) {
    const b = row / p.outHeight
    const oh = row - b * p.outHeight
    const firstRow = firstFilterRow(p, oh)
    const rows = endFilterRow(p, oh) - firstRow
    const ih = b * p.inHeight + inputRow(p, oh, firstRow)
    for (let ow = 0; ow < p.outWidth; ow++) {
      const firstColumn = firstFilterColumn(p, ow)
      const columns = endFilterColumn(p, ow) - firstColumn
      const iw = ow * p.strideWidth - p.padLeft + firstColumn * p.dilationWidth
      const x = at(p.operand, (ih * p.inWidth + iw) * C)
      const filter = at(p.dy, (firstRow * p.filterWidth + firstColumn) * C)
      const y = at(p.out, (row * p.outWidth + ow) * C)
      pixel(p, x, filter, rows, columns, y)
      if (finish) finishPixel(p, y)
    }
  }
}

/** One pixel of y from a window of rows × columns whose first pixel is `x`. */
function pixel(p: ForwardArguments, x: usize, filter: usize, rows: i32, columns: i32, y: usize): void {
  const C = p.outChannels
  const step = <usize>(p.dilationWidth * C) << 2
  const rowStep = <usize>(p.dilationHeight * p.inWidth * C) << 2
  const filterStep = <usize>C << 2
  const filterRow = <usize>p.filterWidth * filterStep
  let c = 0
  for (; c + 16 <= C; c += 16) {
    let s0 = f32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    for (let fh = 0; fh < rows; fh++) {
      let from = at(x, c) + <usize>fh * rowStep
      let by = at(filter, c) + <usize>fh * filterRow
      for (let fw = 0; fw < columns; fw++) {
        s0 = madd(v128.load(from), v128.load(by), s0)
        s1 = madd(v128.load(from, 16), v128.load(by, 16), s1)
        s2 = madd(v128.load(from, 32), v128.load(by, 32), s2)
        s3 = madd(v128.load(from, 48), v128.load(by, 48), s3)
        from += step
        by += filterStep
      }
    }
    const to = at(y, c)
    v128.store(to, s0)
    v128.store(to, s1, 16)
    v128.store(to, s2, 32)
    v128.store(to, s3, 48)
  }
  for (; c < C; c += 4) {
    const n = C - c
    let sum = f32x4.splat(0)
    for (let fh = 0; fh < rows; fh++) {
      let from = at(x, c) + <usize>fh * rowStep
      let by = at(filter, c) + <usize>fh * filterRow
      for (let fw = 0; fw < columns; fw++) {
        sum = madd(loadLanes(from, n), loadLanes(by, n), sum)
        from += step
        by += filterStep
      }
    }
    storeLanes(at(y, c), sum, n)
  }
}

/** y = activation(y + bias) for one pixel. */
function finishPixel(p: ForwardArguments, y: usize): void {
  for (let c = 0; c < p.outChannels; c += 4) {
    const n = p.outChannels - c
    let sum = loadLanes(at(y, c), n)
    if (p.bias != 0) sum = f32x4.add(sum, loadLanes(at(p.bias, c), n))
    storeLanes(at(y, c), activate(sum, p.activation, p.alpha), n)
  }
}
