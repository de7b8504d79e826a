import {
  backend_util,
  Dilation2D,
  Dilation2DBackpropFilter,
  Dilation2DBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'

// N pictures, H height, W width, C channels

type Shape4 = [number, number, number, number]

/** Calls `visit` for each result with its place and the places in x and filter whose sum is the largest; -1 for none. */
function eachLargest(
  { inputs, heap }: KernelCall,
  info: backend_util.Conv2DInfo,
  visit: (place: number, x: number, filter: number) => void,
): void {
  const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo }
  const [from, structure] = [heap.floats(x), heap.floats(filter)]
  const { inHeight: H, inWidth: W, inChannels: C, filterWidth, filterHeight, padInfo } = info
  let place = 0
  for (let n = 0; n < info.batchSize; n++) {
    for (let oh = 0; oh < info.outHeight; oh++) {
      for (let ow = 0; ow < info.outWidth; ow++) {
        for (let c = 0; c < C; c++) {
          let [best, bestX, bestFilter] = [Number.NEGATIVE_INFINITY, -1, -1]
          for (let fh = 0; fh < filterHeight; fh++) {
            const h = oh * info.strideHeight - padInfo.top + fh * info.dilationHeight
            if (h < 0 || h >= H) continue
            for (let fw = 0; fw < filterWidth; fw++) {
              const w = ow * info.strideWidth - padInfo.left + fw * info.dilationWidth
              if (w < 0 || w >= W) continue
              const [i, j] = [((n * H + h) * W + w) * C + c, (fh * filterWidth + fw) * C + c]
              const sum = from[i]! + structure[j]!
              if (sum > best) [best, bestX, bestFilter] = [sum, i, j]
            }
          }
          visit(place++, bestX, bestFilter)
        }
      }
    }
  }
}

function infoOf(where: string, { inputs, attrs }: KernelCall): backend_util.Conv2DInfo {
  const { x, filter, dy } = inputs as { x: TensorInfo; filter: TensorInfo; dy?: TensorInfo }
  const { strides, pad, dilations } = attrs as { strides: number; pad: 'same' | 'valid'; dilations: number }
  const floats = x.dtype === 'float32' && filter.dtype === 'float32'
  if (!floats || x.shape.length !== 4 || filter.shape.length !== 3 || x.shape[3] !== filter.shape[2]) {
    throw new KernelError(
      'shape',
      `${where}: expected float32 x [N, H, W, C] and filter [h, w, C], got ${x.dtype} [${x.shape}] and ${filter.dtype} [${filter.shape}].`,
    )
  }
  const shapes = [x.shape as Shape4, filter.shape as [number, number, number]] as const
  const info = backend_util.computeDilation2DInfo(...shapes, strides, pad, 'NHWC', dilations)
  if (dy !== undefined && (dy.dtype !== 'float32' || `${dy.shape}` !== `${info.outShape}`)) {
    throw new KernelError('shape', `${where}: expected dy float32 [${info.outShape}], got ${dy.dtype} [${dy.shape}].`)
  }
  return info
}

/**
 * `tf.dilation2d` and its gradients, in place of tfjs's own, which begin with the smallest positive float instead of the
 * smallest one, and believe the sizes of dy.
 */
export const dilationKernels: readonly WasmKernel[] = [
  defineKernel(Dilation2D, (call) => {
    const { heap } = call
    const info = infoOf('dilation2d', call)
    const out = heap.makeOutput(info.outShape)
    const [x, filter, to] = [heap.floats(call.inputs['x']!), heap.floats(call.inputs['filter']!), heap.floats(out)]
    eachLargest(call, info, (place, i, j) => {
      to[place] = i < 0 ? Number.NEGATIVE_INFINITY : x[i]! + filter[j]!
    })
    return out
  }),
  ...[Dilation2DBackpropFilter, Dilation2DBackpropInput].map((name) =>
    defineKernel(name, (call) => {
      const { heap, inputs } = call
      const info = infoOf(name, call)
      const out = heap.makeOutput(inputs[name === Dilation2DBackpropInput ? 'x' : 'filter']!.shape)
      const [dy, to] = [heap.floats(inputs['dy']!), heap.floats(out)]
      to.fill(0)
      eachLargest(call, info, (place, i, j) => {
        if (i >= 0) to[name === Dilation2DBackpropInput ? i : j]! += dy[place]!
      })
      return out
    }),
  ),
]
