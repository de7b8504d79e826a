import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelCall } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import type { ConvolutionArguments } from '../generated/exports.ts'
import { type Heap, sizeOf } from '../heap.ts'

// N images, H height, W width, I input channels, O output channels

/** The geometry of a convolution. */
export type ConvolutionInfo = backend_util.Conv2DInfo

/**
 * The geometry of the convolution of x [N, H, W, I] by a filter [h, w, I, O], or [h, w, I, Q] depth-wise.
 *
 * @throws HeddleError `shape` when the two do not fit each other
 */
export function convolutionInfo(
  where: string,
  x: TensorInfo,
  filter: TensorInfo,
  attrs: NamedAttrMap,
  depthwise = false,
): ConvolutionInfo {
  const [channels, inner] = [x.shape[3], filter.shape[2]]
  const ranks = x.shape.length === 4 && filter.shape.length === 4
  if (x.dtype !== 'float32' || filter.dtype !== 'float32' || !ranks || channels !== inner) {
    throw new KernelError(
      'shape',
      `${where}: expected x float32 [N, H, W, I] and a filter float32 [h, w, I, ${depthwise ? 'Q' : 'O'}], got ${x.dtype} [${x.shape}] and ${filter.dtype} [${filter.shape}].`,
    )
  }
  return geometry(where, x.shape, filter.shape, attrs, depthwise)
}

/**
 * The geometry from a gradient kernel's attributes.
 *
 * @throws HeddleError `shape` when dy has not the shape of the convolution's result
 */
export function gradientInfo(
  where: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  dy: TensorInfo,
  attrs: NamedAttrMap,
  depthwise = false,
): ConvolutionInfo {
  const info = geometry(where, inputShape, filterShape, attrs, depthwise)
  if (info.inChannels !== filterShape[2]) {
    throw new KernelError(
      'shape',
      `${where}: expected a filter [h, w, ${info.inChannels}, …] for x [${inputShape}], got [${filterShape}].`,
    )
  }
  if (dy.dtype !== 'float32' || dy.shape.length !== 4 || info.outShape.some((size, i) => size !== dy.shape[i])) {
    throw new KernelError('shape', `${where}: expected dy float32 [${info.outShape}], got ${dy.dtype} [${dy.shape}].`)
  }
  return info
}

function geometry(
  where: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
  depthwise: boolean,
): ConvolutionInfo {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs as {
    strides: number | [number, number]
    dilations?: number | [number, number]
    pad: 'valid' | 'same' | number | backend_util.ExplicitPadding
    dimRoundingMode?: 'floor' | 'round' | 'ceil'
    dataFormat?: 'NHWC' | 'NCHW'
  }
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
    backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
  )
  checkWindow(where, info)
  return info
}

/** @throws HeddleError `shape` for a window that is larger than the picture with its padding, which no place has */
export function checkWindow(where: string, info: ConvolutionInfo): void {
  const { inHeight, inWidth, effectiveFilterHeight, effectiveFilterWidth, padInfo } = info
  const [height, width] = [inHeight + padInfo.top + padInfo.bottom, inWidth + padInfo.left + padInfo.right]
  if (inHeight * inWidth === 0 || (effectiveFilterHeight <= height && effectiveFilterWidth <= width)) return
  throw new KernelError(
    'shape',
    `${where}: expected a window within ${height} × ${width} pixels, got one of ${effectiveFilterHeight} × ${effectiveFilterWidth}, which is larger than the picture. Pad it, or use a smaller filter.`,
  )
}

/** The geometry and the addresses, as the functions of assembly/conv take them. */
export function convolutionArguments(
  heap: Heap,
  info: ConvolutionInfo,
  operand: TensorInfo,
  dy: TensorInfo,
  out: TensorInfo,
  workspace: TensorInfo,
): ConvolutionArguments {
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
    operand: heap.addressOf(operand),
    dy: heap.addressOf(dy),
    out: heap.addressOf(out),
    workspace: heap.addressOf(workspace),
  }
}

/**
 * Runs one of the gradient functions of assembly/conv.
 *
 * @param operand x [N, H, W, I] for the gradient of the filter, the filter for the gradient of x
 * @param shape of the result
 */
export function convolutionGradient(
  { heap }: KernelCall,
  name: 'convFilterGradient' | 'convInputGradient' | 'depthwiseFilterGradient' | 'depthwiseInputGradient',
  info: ConvolutionInfo,
  operand: TensorInfo,
  dy: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const out = heap.makeOutput(shape)
  if (sizeOf(operand.shape) === 0 || sizeOf(dy.shape) === 0) {
    heap.floats(out).fill(0)
    return out
  }
  const { filterHeight, filterWidth, inChannels, outChannels } = info
  const bytes =
    name === 'convInputGradient'
      ? heap.exports.convWorkspaceBytes(filterHeight * filterWidth, inChannels, outChannels)
      : 0
  const workspace = heap.makeOutput([bytes / 4])
  heap.exports[name](convolutionArguments(heap, info, operand, dy, out, workspace))
  heap.dispose(workspace)
  return out
}

const TO_CHANNELS_LAST = [0, 2, 3, 1]
const TO_CHANNELS_FIRST = [0, 3, 1, 2]

/**
 * Runs `body` on images with the channels last, whatever the layout of the caller's.
 *
 * @param imageResult whether the result is an image, to be turned back, and not a filter
 */
export function channelsLast(
  { run, heap }: KernelCall,
  dataFormat: 'channelsLast' | 'channelsFirst',
  images: readonly TensorInfo[],
  imageResult: boolean,
  body: (images: TensorInfo[]) => TensorInfo,
): TensorInfo {
  if (dataFormat === 'channelsLast') return body([...images])
  const turned = images.map((x) => run('Transpose', { x }, { perm: TO_CHANNELS_LAST }))
  const result = body(turned)
  for (const tensor of turned) heap.dispose(tensor)
  if (!imageResult) return result
  const back = run('Transpose', { x: result }, { perm: TO_CHANNELS_FIRST })
  heap.dispose(result)
  return back
}
