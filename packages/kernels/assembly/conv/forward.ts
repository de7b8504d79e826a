// A two-dimensional convolution (NHWC) as a matrix product: a row of the left matrix is the window of one output pixel, the
// filter [h, w, in, out] as it lies in memory is the right one. Windows are gathered block by block, so that they are still
// in the cache when they are multiplied.

import { CONV_FORWARD_PARTS } from '../generated/job-ids'
import { at } from '../memory/address'
import { gemmPacked, packB, packedBBytes } from '../gemm/gemm'
import { BLOCK_M } from '../memory/scratch'
import { copyRun } from '../memory/strided'
import { parallelFor, threadCount } from '../threads/threads'
import { ConvolutionArguments, inputRow } from './convolution'

/** In the base, `operand` is x, `dy` the filter, `out` the result. */
@unmanaged
export class ForwardArguments extends ConvolutionArguments {
  /** [out] or 0 */
  bias: usize = 0
  /** Of `Activation`. */
  activation: i32 = 0
  /** Slope of the leaky ReLU. */
  alpha: f32 = 0
  /** @internal */
  pixelsPerPart: i32
}

// Below this many multiply-adds, waking the other threads costs more than they save.
// @ts-ignore: decorator
@inline const WORTH_SPLITTING: i64 = 400000
// Parts for each thread: one that the system interrupts leaves its parts to the others.
// @ts-ignore: decorator
@inline const PARTS: i32 = 4
// Floats of a block of windows.
// @ts-ignore: decorator
@inline const BLOCK: i32 = 65536
// @ts-ignore: decorator
@inline const LEAST_WINDOWS: i32 = 24

/** Number of parts into which `pixels` output pixels with windows of `k` numbers are cut. */
function partsOf(pixels: i32, k: i32, outChannels: i32): i32 {
  return threadCount > 1 && <i64>pixels * k * outChannels >= WORTH_SPLITTING ? min(pixels, PARTS * threadCount) : 1
}

/** Windows that are gathered at a time. */
// @ts-ignore: decorator
@inline
function windowsOfBlock(k: i32): i32 {
  return max(LEAST_WINDOWS, min(BLOCK_M, BLOCK / max(1, k)))
}

/** @entry Bytes of working memory of `convForward`: the packed filter, and a block of windows for every part. */
export function convForwardBytes(pixels: i32, k: i32, outChannels: i32): usize {
  const parts = partsOf(pixels, k, outChannels)
  return packedBBytes(k, outChannels) + ((<usize>(parts * windowsOfBlock(k)) * <usize>k) << 2)
}

/** @entry y[position, out] = activation(sum over (h, w), in of x[position + (h, w), in] filter[h, w, in, out] + bias[out]) */
export function convForward(p: ForwardArguments): void {
  const k = windowSize(p)
  packB(k, p.outChannels, p.dy, p.outChannels, 1, p.workspace)
  const pixels = p.batch * p.outHeight * p.outWidth
  const parts = partsOf(pixels, k, p.outChannels)
  p.pixelsPerPart = (pixels + parts - 1) / parts
  parallelFor(CONV_FORWARD_PARTS, changetype<usize>(p), (pixels + p.pixelsPerPart - 1) / p.pixelsPerPart, 1)
}

// @ts-ignore: decorator
@inline
function windowSize(p: ConvolutionArguments): i32 {
  return p.filterHeight * p.filterWidth * p.inChannels
}

/** Whether the windows are the image itself. */
function isPointwise(p: ConvolutionArguments): bool {
  return (
    (p.filterHeight | p.filterWidth | p.strideHeight | p.strideWidth) == 1 &&
    (p.padTop | p.padLeft) == 0 &&
    p.outHeight == p.inHeight &&
    p.outWidth == p.inWidth
  )
}

/** @job Parts of the output pixels. */
export function convForwardParts(p: ForwardArguments, begin: i32, end: i32): void {
  const k = windowSize(p)
  const O = p.outChannels
  const step = windowsOfBlock(k)
  const pixels = p.batch * p.outHeight * p.outWidth
  const direct = isPointwise(p)
  for (let part = begin; part < end; part++) {
    const windows = p.workspace + packedBBytes(k, O) + ((<usize>(part * step) * <usize>k) << 2)
    const last = min(pixels, (part + 1) * p.pixelsPerPart)
    let first = part * p.pixelsPerPart
    while (first < last) {
      const count = direct ? last - first : min(step, last - first)
      const rows = direct ? at(p.operand, first * k) : windows
      if (!direct) gatherWindows(p, first, count, windows)
      gemmPacked(count, O, k, rows, k, 1, p.workspace, at(p.out, first * O), O, false, p.bias, p.activation, p.alpha)
      first += count
    }
  }
}

/** The windows of `count` output pixels from `first` on, one row each; zero outside of the image. */
export function gatherWindows(p: ConvolutionArguments, first: i32, count: i32, windows: usize): void {
  const k = windowSize(p)
  while (count > 0) {
    const row = first / p.outWidth
    const ow = first - row * p.outWidth
    const columns = min(count, p.outWidth - ow)
    const b = row / p.outHeight
    const oh = row - b * p.outHeight
    let target = windows
    for (let fh = 0; fh < p.filterHeight; fh++) {
      const ih = inputRow(p, oh, fh)
      if (<u32>ih >= <u32>p.inHeight) clearRows(p, columns, target)
      else gatherRow(p, at(p.operand, (b * p.inHeight + ih) * p.inWidth * p.inChannels), ow, columns, target)
      target = at(target, p.filterWidth * p.inChannels)
    }
    first += columns
    count -= columns
    windows = at(windows, columns * k)
  }
}

/** One row of the filter's window, for `columns` output columns from `ow` on, from one row of the image. */
function gatherRow(p: ConvolutionArguments, image: usize, ow: i32, columns: i32, target: usize): void {
  const pitch = <usize>windowSize(p) << 2
  let iw = ow * p.strideWidth - p.padLeft
  if (p.dilationWidth > 1) {
    for (let c = 0; c < columns; c++) {
      gatherDilated(p, image, iw, target)
      iw += p.strideWidth
      target += pitch
    }
    return
  }
  const length = p.filterWidth * p.inChannels
  const step = <usize>(p.strideWidth * p.inChannels) << 2
  const last = p.inWidth - p.filterWidth
  let c = 0
  while (c < columns) {
    // Columns whose windows lie inside of the row, as most do.
    let inside = iw < 0 || iw > last ? 0 : min(columns - c, (last - iw) / p.strideWidth + 1)
    if (inside > 0) {
      copyWindows(at(image, iw * p.inChannels), target, inside, length, step, pitch)
    } else {
      gatherClipped(p, image, iw, target)
      inside = 1
    }
    c += inside
    iw += inside * p.strideWidth
    target += <usize>inside * pitch
  }
}

function copyWindows(source: usize, target: usize, count: i32, length: i32, step: usize, pitch: usize): void {
  for (let c = 0; c < count; c++) {
    copyRun(source, target, length)
    source += step
    target += pitch
  }
}

/** A window's row that sticks out of the image's. */
function gatherClipped(p: ConvolutionArguments, image: usize, iw: i32, target: usize): void {
  const I = p.inChannels
  const before = min(p.filterWidth, max(0, -iw))
  const inside = max(before, min(p.filterWidth, p.inWidth - iw))
  clear(target, before * I)
  copyRun(at(image, (iw + before) * I), at(target, before * I), (inside - before) * I)
  clear(at(target, inside * I), (p.filterWidth - inside) * I)
}

function gatherDilated(p: ConvolutionArguments, image: usize, iw: i32, target: usize): void {
  const I = p.inChannels
  for (let fw = 0; fw < p.filterWidth; fw++) {
    const column = iw + fw * p.dilationWidth
    if (<u32>column < <u32>p.inWidth) copyRun(at(image, column * I), target, I)
    else clear(target, I)
    target = at(target, I)
  }
}

function clearRows(p: ConvolutionArguments, columns: i32, target: usize): void {
  const pitch = <usize>windowSize(p) << 2
  for (let c = 0; c < columns; c++) {
    clear(target, p.filterWidth * p.inChannels)
    target += pitch
  }
}

/** n zeros; windows are short, and the engine's own fill is slow to begin. */
// @ts-ignore: decorator
@inline
function clear(target: usize, n: i32): void {
  let i = 0
  for (; i + 4 <= n; i += 4) v128.store(at(target, i), f32x4.splat(0))
  for (; i < n; i++) f32.store(at(target, i), 0)
}
