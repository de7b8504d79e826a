import { AvgPool, AvgPoolGrad, backend_util, MaxPool, MaxPoolGrad, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { type ConvolutionInfo, checkWindow, convolutionArguments } from './convolution.ts'

/**
 * `tf.maxPool`. tfjs's own kernel leaves a part of the result unwritten where its idea of the output's size is another one than
 * tfjs's.
 */
const maxPool = defineKernel(MaxPool, (call) => pool('maxPool', call, 'maxPool'))

/** `tf.avgPool`: the mean of those pixels of a window that are inside of the image. */
const avgPool = defineKernel(AvgPool, (call) => pool('avgPool', call, 'averagePool'))

/** The gradient of `tf.maxPool`: to the largest pixel of each window, the first where several are. */
const maxPoolGrad = defineKernel(MaxPoolGrad, (call) => poolGradient('maxPoolGrad', call, 'maxPoolGradient'))

/**
 * The gradient of `tf.avgPool`: to all pixels of a window alike. Padding is no pixel, as in the mean itself; tfjs's own kernels
 * count it and so make gradients at the border too small.
 */
const avgPoolGrad = defineKernel(AvgPoolGrad, (call) => poolGradient('avgPoolGrad', call, 'averagePoolGradient'))

/** `tf.maxPool` and `tf.avgPool` with their gradients. */
export const poolKernels: readonly WasmKernel[] = [maxPool, avgPool, maxPoolGrad, avgPoolGrad]

type RoundingMode = 'floor' | 'round' | 'ceil' | undefined

function infoOf(where: string, x: TensorInfo, attrs: KernelCall['attrs'], mode: RoundingMode): ConvolutionInfo {
  const { filterSize, strides, pad } = attrs as {
    filterSize: number | [number, number]
    strides: number | [number, number]
    pad: 'valid' | 'same' | number | backend_util.ExplicitPadding
  }
  if (x.dtype !== 'float32' || x.shape.length !== 4) {
    throw new KernelError('shape', `${where}: expected x float32 [N, H, W, C], got ${x.dtype} [${x.shape}]. Cast it.`)
  }
  const shape = x.shape as [number, number, number, number]
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, mode)
  checkWindow(where, info)
  return info
}

function pool(where: string, { inputs, attrs, heap, run }: KernelCall, name: 'maxPool' | 'averagePool'): TensorInfo {
  const { x } = inputs as { x: TensorInfo }
  const info = infoOf(where, x, attrs, attrs['dimRoundingMode'] as RoundingMode)
  // A window of one pixel that keeps the size is no pooling to tfjs, whatever the strides.
  if (info.filterHeight * info.filterWidth === 1 && info.outShape.every((size, i) => size === x.shape[i])) {
    return run('Identity', { x })
  }
  const out = heap.makeOutput(info.outShape)
  if (sizeOf(info.outShape) === 0) return out
  heap.exports[name](convolutionArguments(heap, info, x, x, out, out))
  return out
}

function poolGradient(
  where: string,
  { inputs, attrs, heap }: KernelCall,
  name: 'maxPoolGradient' | 'averagePoolGradient',
): TensorInfo {
  const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo }
  // tfjs does not hand the rounding mode of the forward pass on; dy tells it.
  const infos = ([attrs['dimRoundingMode'] as RoundingMode, 'ceil', 'round'] as const).map((mode) =>
    infoOf(where, input, attrs, mode),
  )
  const info = infos.find(
    ({ outShape }) => outShape.length === dy.shape.length && outShape.every((size, i) => size === dy.shape[i]),
  )
  if (info === undefined || dy.dtype !== 'float32') {
    throw new KernelError(
      'shape',
      `${where}: expected dy float32 [${infos[0]!.outShape}], got ${dy.dtype} [${dy.shape}].`,
    )
  }
  const dx = heap.makeOutput(input.shape)
  if (sizeOf(dy.shape) === 0) heap.floats(dx).fill(0)
  else heap.exports[name](convolutionArguments(heap, info, input, dy, dx, dx))
  return dx
}
