// The gradients of a depth-wise convolution: channel c of x makes channels c Q to c Q + Q - 1 of y.

import { DEPTHWISE_FILTER_POSITIONS, DEPTHWISE_INPUT_IMAGES } from '../generated/job-ids'
import { at } from '../memory/address'
import { madd } from '../math/simd'
import { parallelFor } from '../threads/threads'
import { ConvolutionArguments, endColumn, firstColumn, inputRow } from './convolution'

/** @entry dFilter[h, w, c, q] = sum over positions of x[position + (h, w), c] dy[position, c Q + q]. */
export function depthwiseFilterGradient(p: ConvolutionArguments): void {
  parallelFor(DEPTHWISE_FILTER_POSITIONS, changetype<usize>(p), p.filterHeight * p.filterWidth, 1)
}

/** @job */
export function depthwiseFilterPositions(p: ConvolutionArguments, begin: i32, end: i32): void {
  memory.fill(at(p.out, begin * p.outChannels), 0, <usize>((end - begin) * p.outChannels) << 2)
  for (let position = begin; position < end; position++) {
    for (let b = 0; b < p.batch; b++) visitImage(p, b, position, true)
  }
}

/** @entry dx[position + (h, w), c] = sum over (h, w), q of dy[position, c Q + q] filter[h, w, c, q]. */
export function depthwiseInputGradient(p: ConvolutionArguments): void {
  parallelFor(DEPTHWISE_INPUT_IMAGES, changetype<usize>(p), p.batch, 1)
}

/** @job */
export function depthwiseInputImages(p: ConvolutionArguments, begin: i32, end: i32): void {
  const image = p.inHeight * p.inWidth * p.inChannels
  memory.fill(at(p.out, begin * image), 0, <usize>((end - begin) * image) << 2)
  for (let b = begin; b < end; b++) {
    for (let position = 0; position < p.filterHeight * p.filterWidth; position++) visitImage(p, b, position, false)
  }
}

/** All pairs of an input and an output pixel of one image that one position of the filter connects. */
function visitImage(p: ConvolutionArguments, b: i32, position: i32, filterGradient: bool): void {
  const fh = position / p.filterWidth
  const fw = position % p.filterWidth
  const first = firstColumn(p, fw)
  const end = endColumn(p, fw)
  const multiplier = p.outChannels / p.inChannels
  for (let oh = 0; oh < p.outHeight; oh++) {
    const ih = inputRow(p, oh, fh)
    if (<u32>ih >= <u32>p.inHeight) continue
    for (let ow = first; ow < end; ow++) {
      const iw = ow * p.strideWidth + fw * p.dilationWidth - p.padLeft
      const input = ((b * p.inHeight + ih) * p.inWidth + iw) * p.inChannels
      const dy = at(p.dy, ((b * p.outHeight + oh) * p.outWidth + ow) * p.outChannels)
      if (filterGradient) {
        const sum = at(p.out, position * p.outChannels)
        if (multiplier == 1) multiplyAdd(p.inChannels, at(p.operand, input), dy, sum)
        else spreadAdd(p.inChannels, multiplier, at(p.operand, input), dy, sum)
      } else {
        const filter = at(p.operand, position * p.outChannels)
        if (multiplier == 1) multiplyAdd(p.inChannels, filter, dy, at(p.out, input))
        else gatherAdd(p.inChannels, multiplier, filter, dy, at(p.out, input))
      }
    }
  }
}

/** sum[c] += x[c] y[c] */
function multiplyAdd(n: i32, x: usize, y: usize, sum: usize): void {
  let c = 0
  for (; c + 4 <= n; c += 4) {
    v128.store(sum, madd(v128.load(x), v128.load(y), v128.load(sum)))
    x += 16
    y += 16
    sum += 16
  }
  for (; c < n; c++) {
    f32.store(sum, f32.load(sum) + f32.load(x) * f32.load(y))
    x += 4
    y += 4
    sum += 4
  }
}

/** sum[c, q] += x[c] y[c, q] */
function spreadAdd(n: i32, multiplier: i32, x: usize, y: usize, sum: usize): void {
  for (let c = 0; c < n; c++) {
    const xc = f32.load(at(x, c))
    for (let q = 0; q < multiplier; q++) {
      f32.store(sum, f32.load(sum) + xc * f32.load(y))
      y += 4
      sum += 4
    }
  }
}

/** sum[c] += sum over q of x[c, q] y[c, q] */
function gatherAdd(n: i32, multiplier: i32, x: usize, y: usize, sum: usize): void {
  for (let c = 0; c < n; c++) {
    let total = f32.load(sum)
    for (let q = 0; q < multiplier; q++) {
      total += f32.load(x) * f32.load(y)
      x += 4
      y += 4
    }
    f32.store(sum, total)
    sum += 4
  }
}
