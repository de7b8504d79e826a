import type { Generator } from './elementwise-cases.ts'
import type { Data, Random } from './random.ts'

/** [N, H, W, C] */
export const picture = (random: Random) => [random.size(3), random.size(9), random.size(9), random.size(9)]
const volume = (random: Random) => [random.size(2), random.size(5), random.size(5), random.size(5), random.size(5)]

function geometry(random: Random, dimensions: number) {
  const one = (most: number) => Array.from({ length: dimensions }, () => random.integer(1, most))
  const dilations = random.chance(0.3) ? one(2) : new Array<number>(dimensions).fill(1)
  const strides = dilations.every((n) => n === 1) ? one(3) : new Array<number>(dimensions).fill(1)
  const pad = random.pick<string | number>(dimensions === 2 ? ['same', 'valid', 'valid', 0, 1, 2] : ['same', 'valid'])
  const filter = one(4)
  // For a padding in pixels, tfjs-core takes the height of a window for its width too.
  if (typeof pad === 'number') for (const sizes of [filter, strides, dilations]) sizes.fill(sizes[0]!)
  return { filter, strides, dilations, pad }
}

const dataFormat = 'NHWC'

const convolution = (random: Random, depthwise: boolean) => {
  const { filter, strides, dilations, pad } = geometry(random, 2)
  const x = picture(random)
  const shape = [...filter, random.chance(0.97) ? x[3]! : x[3]! + 1, depthwise ? random.integer(1, 3) : random.size(9)]
  const attrs = { strides: strides as [number, number], dilations: dilations as [number, number], pad, dataFormat }
  return { x: random.data(x), filter: random.data(shape), attrs }
}

const fused = (random: Random, depthwise: boolean): ReturnType<Generator> => {
  const { x, filter, attrs } = convolution(random, depthwise)
  const channels = depthwise ? filter.shape[2]! * filter.shape[3]! : filter.shape[3]!
  const activation = random.pick(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'])
  const bias = random.chance(0.5) ? random.data([channels]) : undefined
  const preluActivationWeights = activation === 'prelu' ? random.data([channels]) : undefined
  return { inputs: { x, filter, bias, preluActivationWeights }, attrs: { ...attrs, activation, leakyreluAlpha: 0.3 } }
}

/** Size of a window's result: at times a wrong one. */
function resultSize(
  random: Random,
  input: number,
  filter: number,
  stride: number,
  dilation: number,
  pad: string | number,
): number {
  const effective = (filter - 1) * dilation + 1
  const size =
    pad === 'same'
      ? Math.ceil(input / stride)
      : Math.floor((input + 2 * (pad === 'valid' ? 0 : (pad as number)) - effective) / stride) + 1
  return Math.max(0, size + (random.chance(0.03) ? random.pick([-1, 1]) : 0))
}

function pool(random: Random, dimensions: number) {
  const { filter, strides, pad } = geometry(random, dimensions)
  const x = dimensions === 2 ? picture(random) : volume(random)
  const sizes = filter.map((n, i) => resultSize(random, x[i + 1]!, n, strides[i]!, 1, pad))
  const attrs = {
    filterSize: filter,
    strides,
    pad,
    ...(random.chance(0.1) && typeof pad === 'number' && { dimRoundingMode: 'floor' }),
    dataFormat: dimensions === 2 ? 'NHWC' : 'NDHWC',
  }
  // The kernels take a result of another rounding too.
  const rounded = filter.some(
    (n, i) => pad !== 'same' && (x[i + 1]! + 2 * (pad === 'valid' ? 0 : Number(pad)) - n) % strides[i]! !== 0,
  )
  return { x, y: [x[0]!, ...sizes, x.at(-1)!], attrs, rounded }
}

const pooling =
  (dimensions: number): Generator =>
  (random) => {
    const { x, attrs } = pool(random, dimensions)
    return { inputs: { x: random.data(x, random.chance(0.95) ? 'float32' : 'int32') }, attrs }
  }

/** The cpu backend mistakes the height of a three-dimensional window for its width, and misses windows at the border. */
const cubic = (filter: readonly number[]) => filter.length === 2 || filter[1] === filter[2]

const poolingGradient =
  (dimensions: number): Generator =>
  (random) => {
    const { x, y, attrs, rounded } = pool(random, dimensions)
    return {
      inputs: { dy: random.data(y), input: distinct(random, x) },
      attrs,
      alone: rounded || !cubic(attrs.filterSize) || (attrs.pad !== 'valid' && attrs.pad !== 0),
    }
  }

/** The cpu backend counts padding in the gradient of a mean. */
const withoutPadding =
  (generator: Generator): Generator =>
  (random) => {
    const given = generator(random)
    return { ...given, alone: given.alone === true || (given.attrs['pad'] !== 'valid' && given.attrs['pad'] !== 0) }
  }

/** Numbers of which none occurs twice, so that one of them is the largest. */
function distinct(random: Random, shape: readonly number[]): Data {
  const data = random.data(shape)
  return { ...data, values: random.permutation(data.values.length).map((n) => n - 20) }
}

function convolution3d(random: Random) {
  const { filter, strides, pad } = geometry(random, 3)
  const x = volume(random)
  const shape = [...filter, random.chance(0.97) ? x[4]! : x[4]! + 1, random.size(4)]
  const y = [x[0]!, ...filter.map((n, i) => resultSize(random, x[i + 1]!, n, strides[i]!, 1, pad)), shape[4]!]
  return { x, filter: shape, y, attrs: { strides, pad, dataFormat: 'NDHWC' } }
}

const gradient2d = (random: Random, depthwise: boolean, of: 'x' | 'filter'): ReturnType<Generator> => {
  const { x, filter, attrs } = convolution(random, depthwise)
  const { strides, dilations, pad } = attrs
  const y = [0, 1].map((i) =>
    resultSize(random, x.shape[i + 1]!, filter.shape[i]!, strides[i]!, depthwise ? dilations[i]! : 1, pad),
  )
  const channels = depthwise ? filter.shape[2]! * filter.shape[3]! : filter.shape[3]!
  const dy = random.data([x.shape[0]!, ...y, channels])
  // The cpu backend leaves out the dilation of a depth-wise filter's gradient.
  const alone = depthwise && dilations.some((n) => n > 1)
  const rest = depthwise ? attrs : { strides, pad, dataFormat }
  if (of === 'x') return { inputs: { dy, filter }, attrs: { ...rest, inputShape: [...x.shape] }, alone }
  return { inputs: { x, dy }, attrs: { ...rest, filterShape: [...filter.shape] }, alone }
}

function dilation(random: Random) {
  const { filter, strides, dilations, pad } = geometry(random, 2)
  const x = picture(random)
  const sides = [0, 1].map((i) => resultSize(random, x[i + 1]!, filter[i]!, strides[i]!, dilations[i]!, pad))
  const attrs = { strides, dilations, pad: typeof pad === 'number' ? 'valid' : pad }
  // The cpu backend takes the first pixel for a window that sees none.
  const alone = attrs.pad === 'same' && dilations.some((n) => n > 1)
  return {
    x: random.data(x),
    filter: random.data([...filter, x[3]!]),
    dy: random.data([x[0]!, ...sides, x[3]!]),
    attrs,
    alone,
  }
}

/** Generators of convolutions, pools and dilations of pictures and volumes. */
export const windowCases: Readonly<Record<string, Generator>> = {
  Conv2D: (random) => {
    const { x, filter, attrs } = convolution(random, false)
    return { inputs: { x, filter }, attrs }
  },
  FusedConv2D: (random) => fused(random, false),
  DepthwiseConv2dNative: (random) => {
    const { x, filter, attrs } = convolution(random, true)
    return { inputs: { x, filter }, attrs }
  },
  FusedDepthwiseConv2D: (random) => fused(random, true),
  Conv2DBackpropFilter: (random) => gradient2d(random, false, 'filter'),
  Conv2DBackpropInput: (random) => gradient2d(random, false, 'x'),
  DepthwiseConv2dNativeBackpropFilter: (random) => gradient2d(random, true, 'filter'),
  DepthwiseConv2dNativeBackpropInput: (random) => gradient2d(random, true, 'x'),
  Conv3D: (random) => {
    const { x, filter, attrs } = convolution3d(random)
    return { inputs: { x: random.data(x), filter: random.data(filter) }, attrs: { ...attrs, dilations: [1, 1, 1] } }
  },
  Conv3DBackpropFilterV2: (random) => {
    const { x, filter, y, attrs } = convolution3d(random)
    return { inputs: { x: random.data(x), dy: random.data(y) }, attrs: { ...attrs, filterShape: filter } }
  },
  Conv3DBackpropInputV2: (random) => {
    const { x, filter, y, attrs } = convolution3d(random)
    return { inputs: { dy: random.data(y), filter: random.data(filter) }, attrs: { ...attrs, inputShape: x } }
  },
  MaxPool: pooling(2),
  AvgPool: pooling(2),
  MaxPool3D: pooling(3),
  AvgPool3D: pooling(3),
  MaxPoolGrad: (random) => {
    const given = poolingGradient(2)(random)
    return { ...given, inputs: { ...given.inputs, output: given.inputs['dy'] } }
  },
  AvgPoolGrad: withoutPadding(poolingGradient(2)),
  MaxPool3DGrad: (random) => {
    const given = poolingGradient(3)(random)
    return { ...given, inputs: { ...given.inputs, output: given.inputs['dy'] } }
  },
  AvgPool3DGrad: withoutPadding(poolingGradient(3)),
  MaxPoolWithArgmax: (random) => {
    const { inputs, attrs } = pooling(2)(random)
    return { inputs, attrs: { ...attrs, includeBatchInIndex: random.chance(0.5) } }
  },
  Dilation2D: (random) => {
    const { x, filter, attrs, alone } = dilation(random)
    return { inputs: { x, filter }, attrs, alone }
  },
  Dilation2DBackpropFilter: (random) => {
    const { attrs, alone, ...inputs } = dilation(random)
    return { inputs, attrs, alone }
  },
  Dilation2DBackpropInput: (random) => {
    const { attrs, alone, ...inputs } = dilation(random)
    return { inputs, attrs, alone }
  },
}
