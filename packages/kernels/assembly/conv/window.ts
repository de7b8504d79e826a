// The part of an output pixel's window that lies inside of the image: rows and columns of the filter from `first…` up to,
// not including, `end…`.

import { ConvolutionArguments, inputRow } from './convolution'

/** The first filter row whose input row is not above the image. */
export function firstFilterRow(p: ConvolutionArguments, oh: i32): i32 {
  return firstInside(inputRow(p, oh, 0), p.dilationHeight, p.filterHeight)
}

/** One past the last filter row whose input row is not below the image. */
export function endFilterRow(p: ConvolutionArguments, oh: i32): i32 {
  return endInside(inputRow(p, oh, 0), p.dilationHeight, p.filterHeight, p.inHeight)
}

export function firstFilterColumn(p: ConvolutionArguments, ow: i32): i32 {
  return firstInside(ow * p.strideWidth - p.padLeft, p.dilationWidth, p.filterWidth)
}

export function endFilterColumn(p: ConvolutionArguments, ow: i32): i32 {
  return endInside(ow * p.strideWidth - p.padLeft, p.dilationWidth, p.filterWidth, p.inWidth)
}

// @ts-ignore: decorator
@inline
function firstInside(start: i32, dilation: i32, size: i32): i32 {
  return start >= 0 ? 0 : min(size, (dilation - 1 - start) / dilation)
}

// @ts-ignore: decorator
@inline
function endInside(start: i32, dilation: i32, size: i32, length: i32): i32 {
  return start >= length ? 0 : min(size, (length - start + dilation - 1) / dilation)
}
