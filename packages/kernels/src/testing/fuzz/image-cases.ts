import type { Generator } from './elementwise-cases.ts'
import type { Data, Random } from './random.ts'
import { picture } from './window-cases.ts'

const resize: Generator = (random) => {
  const images = random.data(picture(random), random.chance(0.9) ? 'float32' : 'int32')
  const attrs = { alignCorners: random.chance(0.5), halfPixelCenters: false }
  if (random.chance(0.03))
    return { inputs: { images: random.data([1, 2, 2, 1]) }, attrs: { ...attrs, size: [32768, 32769] }, huge: true }
  return {
    inputs: { images },
    attrs: {
      ...attrs,
      halfPixelCenters: !attrs.alignCorners && random.chance(0.5),
      size: [random.integer(0, 9), random.integer(0, 9)],
    },
  }
}

const resizeGradient: Generator = (random) => {
  const images = picture(random)
  const dy = [
    random.chance(0.97) ? images[0]! : images[0]! + 1,
    random.integer(0, 9),
    random.integer(0, 9),
    random.chance(0.97) ? images[3]! : images[3]! + 1,
  ]
  // The cpu backend swaps height and width, mixes up pictures, and does not return for an empty dy or a single pixel.
  const alone = images[1] !== images[2] || images[0] !== 1 || images[1]! < 2 || dy.includes(0)
  const inputs = { images: random.data(images), dy: random.data(dy) }
  return { inputs, attrs: { alignCorners: random.chance(0.5) }, alone }
}

const coordinates = (random: Random, shape: number[]): Data => ({
  shape,
  dtype: 'float32',
  values: Array.from({ length: shape.reduce((product, n) => product * n, 1) }, () =>
    random.chance(0.02)
      ? random.pick([Number.NaN, Number.POSITIVE_INFINITY, 1e38, -1e38, 1e9])
      : random.integer(-6, 6) / 4,
  ),
})

/** Generators of the kernels that resample and normalize pictures. */
export const imageCases: Readonly<Record<string, Generator>> = {
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  ResizeBilinearGrad: resizeGradient,
  ResizeNearestNeighborGrad: resizeGradient,
  CropAndResize: (random) => {
    const image = picture(random)
    const n = random.size(5)
    const inputs = {
      image: random.data(image),
      boxes: coordinates(random, [n, 4]),
      boxInd: random.indices([n], image[0]!),
    }
    const method = random.pick(['bilinear', 'nearest'])
    const attrs = { cropSize: [random.pick([1, 2, 3, 5]), random.pick([1, 2, 3, 5])], method, extrapolationValue: 0.5 }
    // Which neighbor is the nearest may be a matter of rounding.
    // The cpu backend makes NaN of coordinates that are none, and reads pictures that have no pixels.
    const strange = image.includes(0) || inputs.boxes.values.some((value) => !(Math.abs(value) < 100))
    return { inputs, attrs, alone: strange || method === 'nearest' }
  },
  Transform: (random) => {
    const image = picture(random)
    const transforms = coordinates(random, [random.pick([1, image[0]!, 2]), 8])
    const attrs = {
      interpolation: random.pick(['nearest', 'bilinear']),
      fillMode: random.pick(['constant', 'reflect', 'wrap', 'nearest']),
      fillValue: 0.5,
    }
    return {
      // The cpu backend makes NaN of coordinates that are none, and transforms the first picture only.
      alone: image[0] !== 1 || transforms.values.some((value) => !(Math.abs(value) < 100)),
      inputs: { image: random.data(image), transforms },
      attrs: {
        ...attrs,
        outputShape: random.chance(0.5) ? [random.integer(0, 5), random.integer(1, 5)] : undefined,
      } as never,
    }
  },
  FlipLeftRight: (random) => ({ inputs: { image: random.data(picture(random), random.dtype()) }, attrs: {} }),
  RotateWithOffset: (random) => ({
    inputs: { image: random.data(picture(random), random.chance(0.9) ? 'float32' : 'int32') },
    attrs: {
      radians: random.pick([0, 0.3, -2, Number.NaN, 1e9]),
      fillValue: random.pick<number | number[]>([0, 1, [1, 2, 3]]),
      center: random.pick<number | number[]>([0.5, 0, [0.1, 3]]),
    },
  }),
  FusedBatchNorm: (random) => {
    const x = random.shape(1, 4)
    const part = random.chance(0.9) ? [x.at(-1)!] : [1]
    const inputs = {
      x: random.data(x),
      mean: random.data(part),
      variance: { ...random.data(part), values: random.data(part).values.map(Math.abs) },
    }
    const optional = {
      offset: random.chance(0.5) ? random.data(part) : undefined,
      scale: random.chance(0.5) ? random.data(part) : undefined,
    }
    return { inputs: { ...inputs, ...optional }, attrs: { varianceEpsilon: 0.1 } }
  },
  LRN: (random) => ({
    inputs: { x: random.data(picture(random)) },
    attrs: { depthRadius: random.integer(0, 7), bias: 1, alpha: 0.5, beta: 0.5 },
  }),
  LRNGrad: (random) => {
    const shape = picture(random)
    const inputs = { x: random.data(shape), y: random.data(shape), dy: random.data(shape) }
    return { inputs, attrs: { depthRadius: random.integer(0, 7), bias: 1, alpha: 0.5, beta: 0.5 } }
  },
}
