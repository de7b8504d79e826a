import {
  AvgPool3D,
  AvgPool3DGrad,
  backend_util,
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolWithArgmax,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { defineKernel, guardKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'

// N volumes, D depth, H height, W width, C channels

type Shape5 = [number, number, number, number, number]

/** The pixels of x under one output pixel, [D, H, W] in ranges whose ends are not in. */
type Range = readonly [begin: number, end: number]

interface Geometry {
  readonly batch: number
  readonly channels: number
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly filter: readonly number[]
  readonly strides: readonly number[]
  readonly pads: readonly number[]
}

function floatVolume(where: string, name: string, tensor: TensorInfo, shape?: readonly number[]): void {
  const fits = shape === undefined ? tensor.shape.length === 5 : `${tensor.shape}` === `${shape}`
  if (tensor.dtype === 'float32' && fits) return
  const wanted = shape === undefined ? 'N, D, H, W, C' : shape
  throw new KernelError(
    'shape',
    `${where}: expected ${name} float32 [${wanted}], got ${tensor.dtype} [${tensor.shape}].`,
  )
}

/** The geometry of a pool; `y`, where it is given, tells the rounding that the forward pass used. */
function poolGeometry(where: string, x: TensorInfo, attrs: NamedAttrMap, y?: TensorInfo): Geometry {
  floatVolume(where, 'x', x)
  const { filterSize, strides, pad, dimRoundingMode } = attrs as {
    filterSize: [number, number, number]
    strides: [number, number, number]
    pad: 'valid' | 'same' | number
    dimRoundingMode?: 'floor' | 'round' | 'ceil'
  }
  const modes = y === undefined ? [dimRoundingMode] : [dimRoundingMode, 'ceil' as const, 'round' as const]
  const infos = modes.map((mode) =>
    backend_util.computePool3DInfo(x.shape as Shape5, filterSize, strides, 1, pad, mode),
  )
  const info = infos.find(({ outShape }) => y === undefined || `${outShape}` === `${y.shape}`)
  if (info === undefined) floatVolume(where, 'dy', y!, infos[0]!.outShape)
  if (y !== undefined) floatVolume(where, 'dy', y, info!.outShape)
  checkWindow(where, info!)
  return geometryOf(info!)
}

/** @throws HeddleError `shape` for a window that is larger than the volume with its padding, which no place has */
function checkWindow(where: string, info: backend_util.Conv3DInfo): void {
  const { inDepth, inHeight, inWidth, padInfo } = info
  const sizes = [inDepth + padInfo.front + padInfo.back, inHeight + padInfo.top + padInfo.bottom]
  sizes.push(inWidth + padInfo.left + padInfo.right)
  const window = [info.effectiveFilterDepth, info.effectiveFilterHeight, info.effectiveFilterWidth]
  if (inDepth * inHeight * inWidth === 0 || window.every((n, d) => n <= sizes[d]!)) return
  throw new KernelError(
    'shape',
    `${where}: expected a window within ${sizes.join(' × ')} pixels, got one of ${window.join(' × ')}, which is larger than the volume. Pad it, or use a smaller filter.`,
  )
}

function geometryOf(info: backend_util.Conv3DInfo): Geometry {
  return {
    batch: info.batchSize,
    channels: info.inChannels,
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    pads: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  }
}

/** Calls `visit` for each output pixel with its place and the window of x that it sees, clipped to x. */
function eachWindow(
  { batch, input, output, filter, strides, pads }: Geometry,
  visit: (image: number, place: number, window: readonly [Range, Range, Range]) => void,
): void {
  const range = (d: number, at: number): Range => {
    const begin = at * strides[d]! - pads[d]!
    return [Math.max(0, begin), Math.min(input[d]!, begin + filter[d]!)]
  }
  let place = 0
  for (let n = 0; n < batch; n++) {
    for (let z = 0; z < output[0]!; z++) {
      for (let y = 0; y < output[1]!; y++) {
        for (let x = 0; x < output[2]!; x++) visit(n, place++, [range(0, z), range(1, y), range(2, x)])
      }
    }
  }
}

/** Calls `visit` for each pixel of a window with its place and its coordinates in x. */
function eachPixel(
  { input }: Geometry,
  image: number,
  [depths, rows, columns]: readonly [Range, Range, Range],
  visit: (place: number, coordinates: readonly [number, number, number]) => void,
): void {
  for (let z = depths[0]; z < depths[1]; z++) {
    for (let y = rows[0]; y < rows[1]; y++) {
      const row = ((image * input[0]! + z) * input[1]! + y) * input[2]!
      for (let x = columns[0]; x < columns[1]; x++) visit(row + x, [z, y, x])
    }
  }
}

/** The place of the largest pixel of a window, the first where several are; -1 for a window of NaN or of nothing. */
function largest(
  geometry: Geometry,
  image: number,
  window: readonly [Range, Range, Range],
  values: Float32Array,
  c: number,
): number {
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  eachPixel(geometry, image, window, (place) => {
    const value = values[place * geometry.channels + c]!
    if (value > most || (best < 0 && value === most)) {
      most = value
      best = place
    }
  })
  return best
}

function pool({ inputs, attrs, heap }: KernelCall, max: boolean): TensorInfo {
  const { x } = inputs as { x: TensorInfo }
  const geometry = poolGeometry(max ? 'maxPool3d' : 'avgPool3d', x, attrs)
  const { batch, channels: C, output } = geometry
  const out = heap.makeOutput([batch, ...output, C])
  const [from, to] = [heap.floats(x), heap.floats(out)]
  eachWindow(geometry, (image, place, window) => {
    for (let c = 0; c < C; c++) {
      if (max) {
        const best = largest(geometry, image, window, from, c)
        to[place * C + c] = best < 0 ? Number.NEGATIVE_INFINITY : from[best * C + c]!
        continue
      }
      let [sum, count] = [0, 0]
      eachPixel(geometry, image, window, (at) => {
        sum += from[at * C + c]!
        count++
      })
      to[place * C + c] = sum / count
    }
  })
  return out
}

function poolGradient({ inputs, attrs, heap }: KernelCall, max: boolean): TensorInfo {
  const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo }
  const geometry = poolGeometry(max ? 'maxPool3dGrad' : 'avgPool3dGrad', input, attrs, dy)
  const C = geometry.channels
  const out = heap.makeOutput(input.shape)
  const [from, above, to] = [heap.floats(input), heap.floats(dy), heap.floats(out)]
  to.fill(0)
  eachWindow(geometry, (image, place, window) => {
    const pixels = window.reduce((size, [begin, end]) => size * Math.max(0, end - begin), 1)
    for (let c = 0; c < C; c++) {
      const share = above[place * C + c]!
      if (!max) eachPixel(geometry, image, window, (at) => void (to[at * C + c]! += share / pixels))
      else {
        const best = largest(geometry, image, window, from, c)
        if (best >= 0) to[best * C + c]! += share
      }
    }
  })
  return out
}

/**
 * `tf.maxPool3d` and `tf.avgPool3d` with their gradients, in place of tfjs's own, which begin with the smallest positive float
 * instead of the smallest one, and believe the sizes of dy.
 */
export const pool3dKernels: readonly WasmKernel[] = [
  defineKernel(MaxPool3D, (call) => pool(call, true)),
  defineKernel(AvgPool3D, (call) => pool(call, false)),
  defineKernel(MaxPool3DGrad, (call) => poolGradient(call, true)),
  defineKernel(AvgPool3DGrad, (call) => poolGradient(call, false)),
]

/** `tf.maxPoolWithArgmax`: the largest pixels and their places, -1 for a window without one. */
export const maxPoolWithArgmax = defineKernel(MaxPoolWithArgmax, ({ inputs, attrs, heap }) => {
  const { x } = inputs as { x: TensorInfo }
  const [N, H, W, C] = x.shape as [number, number, number, number]
  if (x.shape.length !== 4) floatVolume('maxPoolWithArgmax', 'x', x, [0, 0, 0, 0])
  const { filterSize, strides, pad, includeBatchInIndex } = attrs as unknown as {
    filterSize: number
    strides: number
    pad: 'valid' | 'same' | number
    includeBatchInIndex: boolean
  }
  const info = backend_util.computePool2DInfo([N, H, W, C], filterSize, strides, 1, pad)
  if (x.dtype !== 'float32') floatVolume('maxPoolWithArgmax', 'x', x, x.shape)
  const geometry: Geometry = {
    ...{ batch: N, channels: C, input: [1, H, W], output: [1, info.outHeight, info.outWidth] },
    ...{ filter: [1, info.filterHeight, info.filterWidth], strides: [1, info.strideHeight, info.strideWidth] },
    pads: [0, info.padInfo.top, info.padInfo.left],
  }
  const shape = info.outShape
  const pooled = heap.makeOutput(shape)
  const places = heap.makeOutput(shape, 'int32')
  const [from, to, indices] = [heap.floats(x), heap.floats(pooled), heap.ints(places)]
  eachWindow(geometry, (image, place, window) => {
    for (let c = 0; c < C; c++) {
      const best = largest(geometry, image, window, from, c)
      to[place * C + c] = best < 0 ? Number.NEGATIVE_INFINITY : from[best * C + c]!
      indices[place * C + c] = best < 0 ? -1 : (best - (includeBatchInIndex ? 0 : image * H * W)) * C + c
    }
  })
  return [pooled, places]
})

/** `tf.conv3d` and its gradients: tfjs's own kernels believe the sizes of their tensors. */
export const conv3dKernels: readonly WasmKernel[] = [
  guardKernel(Conv3D, ({ inputs, attrs, stock }) => {
    const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo }
    checkConv3d('conv3d', x.shape, filter.shape, attrs, { x, filter })
    return stock()
  }),
  defineKernel(Conv3DBackpropFilterV2, (call) => conv3dGradient(call, 'filter')),
  defineKernel(Conv3DBackpropInputV2, (call) => conv3dGradient(call, 'x')),
]

/** dFilter[f, i, o] = Σ x[at + f, i] dy[at, o] and dx[at + f, i] = Σ dy[at, o] filter[f, i, o], at every stride. */
function conv3dGradient({ inputs, attrs, heap }: KernelCall, of: 'x' | 'filter'): TensorInfo {
  const { dy } = inputs as { dy: TensorInfo }
  const operand = inputs[of === 'x' ? 'filter' : 'x']!
  const inputShape = of === 'x' ? (attrs['inputShape'] as number[]) : operand.shape
  const filterShape = of === 'x' ? operand.shape : (attrs['filterShape'] as number[])
  const where = of === 'x' ? 'conv3dBackpropInput' : 'conv3dBackpropFilter'
  const info = checkConv3d(where, inputShape, filterShape, attrs, { dy, [of === 'x' ? 'filter' : 'x']: operand })
  const geometry = geometryOf(info)
  const [, , , I, O] = filterShape as Shape5
  const { filter, strides, pads, output } = geometry
  const out = heap.makeOutput(of === 'x' ? inputShape : filterShape)
  const [given, above, to] = [heap.floats(operand), heap.floats(dy), heap.floats(out)]
  to.fill(0)
  eachWindow(geometry, (image, place, window) => {
    const at = [
      Math.floor(place / (output[1]! * output[2]!)) % output[0]!,
      Math.floor(place / output[2]!) % output[1]!,
      place % output[2]!,
    ]
    const z = place * O
    eachPixel(geometry, image, window, (pixel, coordinates) => {
      const [fz, fy, fx] = coordinates.map((n, d) => n - (at[d]! * strides[d]! - pads[d]!)) as [number, number, number]
      const f = ((fz * filter[1]! + fy) * filter[2]! + fx) * I
      for (let i = 0; i < I; i++) {
        for (let o = 0; o < O; o++) {
          const weight = (f + i) * O + o
          if (of === 'x') to[pixel * I + i]! += above[z + o]! * given[weight]!
          else to[weight]! += above[z + o]! * given[pixel * I + i]!
        }
      }
    })
  })
  return out
}

function checkConv3d(
  where: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
  tensors: Readonly<Record<string, TensorInfo>>,
): backend_util.Conv3DInfo {
  const { strides, pad, dilations } = attrs as { strides: number; pad: 'valid' | 'same'; dilations?: number }
  if (inputShape.length !== 5 || filterShape.length !== 5 || inputShape[4] !== filterShape[3]) {
    throw new KernelError(
      'shape',
      `${where}: expected x [N, D, H, W, I] and a filter [d, h, w, I, O], got [${inputShape}] and [${filterShape}].`,
    )
  }
  const info = backend_util.computeConv3DInfo(inputShape as Shape5, filterShape as Shape5, strides, dilations ?? 1, pad)
  const shapes: Readonly<Record<string, readonly number[]>> = { x: inputShape, filter: filterShape, dy: info.outShape }
  for (const [name, tensor] of Object.entries(tensors)) floatVolume(where, name, tensor, shapes[name])
  checkWindow(where, info)
  return info
}
