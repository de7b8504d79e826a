// The gradients of a two-dimensional convolution (NHWC), as sums of matrix products over the positions of the filter.

import { CONV_FILTER_POSITIONS, CONV_INPUT_IMAGES } from '../generated/job-ids'
import { at } from '../memory/address'
import { gemm, gemmPacked, packB, packedBBytes } from '../gemm/gemm'
import { parallelFor } from '../threads/threads'

@unmanaged
export class ConvolutionArguments {
  batch: i32
  inHeight: i32
  inWidth: i32
  inChannels: i32
  outHeight: i32
  outWidth: i32
  outChannels: i32
  filterHeight: i32
  filterWidth: i32
  strideHeight: i32
  strideWidth: i32
  dilationHeight: i32
  dilationWidth: i32
  padTop: i32
  padLeft: i32
  /** x, or the filter; then dy; then the gradient that is wanted. */
  operand: usize
  dy: usize = 0
  out: usize
  /** Working memory of `convolutionWorkspace` bytes. */
  workspace: usize = 0
}

/** The first output column whose input column at filter column `fw` exists. */
export function firstColumn(p: ConvolutionArguments, fw: i32): i32 {
  const before = p.padLeft - fw * p.dilationWidth
  return before <= 0 ? 0 : min(p.outWidth, (before + p.strideWidth - 1) / p.strideWidth)
}

/** One past the last such output column. */
export function endColumn(p: ConvolutionArguments, fw: i32): i32 {
  const last = p.inWidth - 1 + p.padLeft - fw * p.dilationWidth
  return last < 0 ? 0 : min(p.outWidth, last / p.strideWidth + 1)
}

/** The input row of an output row at filter row `fh`; may lie outside. */
// @ts-ignore: decorator
@inline
export function inputRow(p: ConvolutionArguments, oh: i32, fh: i32): i32 {
  return oh * p.strideHeight + fh * p.dilationHeight - p.padTop
}

/** @entry dFilter[h, w, in, out] = sum over positions of x[position + (h, w), in] dy[position, out]. */
export function convFilterGradient(p: ConvolutionArguments): void {
  parallelFor(CONV_FILTER_POSITIONS, changetype<usize>(p), p.filterHeight * p.filterWidth, 1)
}

/** @job Filter positions `begin` to `end`. */
export function convFilterPositions(p: ConvolutionArguments, begin: i32, end: i32): void {
  const size = p.inChannels * p.outChannels
  for (let position = begin; position < end; position++) {
    const fh = position / p.filterWidth
    const fw = position % p.filterWidth
    const out = at(p.out, position * size)
    memory.fill(out, 0, <usize>size << 2)
    const first = firstColumn(p, fw)
    const columns = endColumn(p, fw) - first
    if (columns <= 0) continue
    const iw = first * p.strideWidth + fw * p.dilationWidth - p.padLeft
    for (let b = 0; b < p.batch; b++) {
      for (let oh = 0; oh < p.outHeight; oh++) {
        const ih = inputRow(p, oh, fh)
        if (<u32>ih >= <u32>p.inHeight) continue
        const x = at(p.operand, ((b * p.inHeight + ih) * p.inWidth + iw) * p.inChannels)
        const dy = at(p.dy, ((b * p.outHeight + oh) * p.outWidth + first) * p.outChannels)
        gemm(
          p.inChannels,
          p.outChannels,
          columns,
          x,
          1,
          p.strideWidth * p.inChannels,
          dy,
          p.outChannels,
          1,
          out,
          p.outChannels,
          true,
          0,
          0,
          0,
        )
      }
    }
  }
}

/** @entry Bytes of working memory of `convInputGradient`: the filter, packed once for each of its positions. */
export function convWorkspaceBytes(filterPositions: i32, inChannels: i32, outChannels: i32): usize {
  return <usize>filterPositions * packedBBytes(outChannels, inChannels)
}

/** @entry dx[position + (h, w), in] = sum over (h, w), out of dy[position, out] filter[h, w, in, out]. */
export function convInputGradient(p: ConvolutionArguments): void {
  const bytes = packedBBytes(p.outChannels, p.inChannels)
  for (let position = 0; position < p.filterHeight * p.filterWidth; position++) {
    const filter = at(p.operand, position * p.inChannels * p.outChannels)
    packB(p.outChannels, p.inChannels, filter, 1, p.outChannels, p.workspace + <usize>position * bytes)
  }
  parallelFor(CONV_INPUT_IMAGES, changetype<usize>(p), p.batch, 1)
}

/** @job Images `begin` to `end` of the batch. */
export function convInputImages(p: ConvolutionArguments, begin: i32, end: i32): void {
  const image = p.inHeight * p.inWidth * p.inChannels
  const bytes = packedBBytes(p.outChannels, p.inChannels)
  memory.fill(at(p.out, begin * image), 0, <usize>((end - begin) * image) << 2)
  for (let position = 0; position < p.filterHeight * p.filterWidth; position++) {
    const fh = position / p.filterWidth
    const fw = position % p.filterWidth
    const first = firstColumn(p, fw)
    const columns = endColumn(p, fw) - first
    if (columns <= 0) continue
    const iw = first * p.strideWidth + fw * p.dilationWidth - p.padLeft
    for (let b = begin; b < end; b++) {
      for (let oh = 0; oh < p.outHeight; oh++) {
        const ih = inputRow(p, oh, fh)
        if (<u32>ih >= <u32>p.inHeight) continue
        gemmPacked(
          columns,
          p.inChannels,
          p.outChannels,
          at(p.dy, ((b * p.outHeight + oh) * p.outWidth + first) * p.outChannels),
          p.outChannels,
          1,
          p.workspace + <usize>position * bytes,
          at(p.out, ((b * p.inHeight + ih) * p.inWidth + iw) * p.inChannels),
          p.strideWidth * p.inChannels,
          true,
          0,
          0,
          0,
        )
      }
    }
  }
}
