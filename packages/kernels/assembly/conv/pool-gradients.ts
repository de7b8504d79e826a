// The gradients of pooling (NHWC), four channels at a time. Of ConvolutionArguments, `operand` is x, `out` its gradient, and
// inChannels = outChannels.

import { AVERAGE_POOL_IMAGES, MAX_POOL_IMAGES } from '../generated/job-ids'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { select } from '../math/simd'
import { parallelFor } from '../threads/threads'
import { ConvolutionArguments, inputRow } from './convolution'
import { endFilterColumn, endFilterRow, firstFilterColumn, firstFilterRow } from './window'

/** @entry dx = dy where x is the largest of its window, the first of them where several are. */
export function maxPoolGradient(p: ConvolutionArguments): void {
  parallelFor(MAX_POOL_IMAGES, changetype<usize>(p), p.batch, 1)
}

/** @entry dx = sum over the windows that x is in of dy / pixels of that window inside of the image. */
export function averagePoolGradient(p: ConvolutionArguments): void {
  parallelFor(AVERAGE_POOL_IMAGES, changetype<usize>(p), p.batch, 1)
}

/** @job */
export function maxPoolImages(p: ConvolutionArguments, begin: i32, end: i32): void {
  visitImages(p, begin, end, true)
}

/** @job */
export function averagePoolImages(p: ConvolutionArguments, begin: i32, end: i32): void {
  visitImages(p, begin, end, false)
}

function visitImages(p: ConvolutionArguments, begin: i32, end: i32, largest: bool): void {
  const C = p.inChannels
  const image = p.inHeight * p.inWidth * C
  memory.fill(at(p.out, begin * image), 0, <usize>((end - begin) * image) << 2)
  for (let row = begin * p.outHeight; row < end * p.outHeight; row++) {
    const b = row / p.outHeight
    const oh = row - b * p.outHeight
    const firstRow = firstFilterRow(p, oh)
    const rows = endFilterRow(p, oh) - firstRow
    const ih = b * p.inHeight + inputRow(p, oh, firstRow)
    for (let ow = 0; ow < p.outWidth; ow++) {
      const firstColumn = firstFilterColumn(p, ow)
      const columns = endFilterColumn(p, ow) - firstColumn
      if (rows <= 0 || columns <= 0) continue
      const iw = ow * p.strideWidth - p.padLeft + firstColumn * p.dilationWidth
      const input = (ih * p.inWidth + iw) * C
      const dy = at(p.dy, (row * p.outWidth + ow) * C)
      if (largest) maxWindow(p, at(p.operand, input), at(p.out, input), rows, columns, dy)
      else averageWindow(p, at(p.out, input), rows, columns, dy)
    }
  }
}

function maxWindow(p: ConvolutionArguments, x: usize, dx: usize, rows: i32, columns: i32, dy: usize): void {
  const C = p.inChannels
  const step = <usize>(p.dilationWidth * C) << 2
  const rowStep = <usize>(p.dilationHeight * p.inWidth * C) << 2
  for (let c = 0; c < C; c += 4) {
    const n = C - c
    let largest = f32x4.splat(-Infinity)
    let place = i32x4.splat(-1)
    let position = 0
    for (let fh = 0; fh < rows; fh++) {
      let from = at(x, c) + <usize>fh * rowStep
      for (let fw = 0; fw < columns; fw++) {
        const value = loadLanes(from, n)
        const larger = f32x4.gt(value, largest)
        largest = select(value, largest, larger)
        place = select(i32x4.splat(position++), place, larger)
        from += step
      }
    }
    const d = loadLanes(at(dy, c), n)
    position = 0
    for (let fh = 0; fh < rows; fh++) {
      let to = at(dx, c) + <usize>fh * rowStep
      for (let fw = 0; fw < columns; fw++) {
        const share = v128.and(d, i32x4.eq(place, i32x4.splat(position++)))
        storeLanes(to, f32x4.add(loadLanes(to, n), share), n)
        to += step
      }
    }
  }
}

function averageWindow(p: ConvolutionArguments, dx: usize, rows: i32, columns: i32, dy: usize): void {
  const C = p.inChannels
  const step = <usize>(p.dilationWidth * C) << 2
  const rowStep = <usize>(p.dilationHeight * p.inWidth * C) << 2
  const scale = f32x4.splat(<f32>1 / <f32>(rows * columns))
  for (let c = 0; c < C; c += 4) {
    const n = C - c
    const share = f32x4.mul(loadLanes(at(dy, c), n), scale)
    for (let fh = 0; fh < rows; fh++) {
      let to = at(dx, c) + <usize>fh * rowStep
      for (let fw = 0; fw < columns; fw++) {
        storeLanes(to, f32x4.add(loadLanes(to, n), share), n)
        to += step
      }
    }
  }
}
