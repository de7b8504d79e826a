import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import { changePicture, type DataFile, type PictureChanges, readPicture, type StyledPicture } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { EncodedPair, SourceTensors } from '../sequence-to-text/teacher-forcing.ts'
import type { Asset } from '../task/assets.ts'
import type { ShownSource, VisualSource } from './visual-source.ts'

// B batch, H height, W width

const schema = z.strictObject({
  height: z.int().min(1),
  width: z.int().min(1),
  mean: z.number(),
  deviation: z.number().positive(),
})

/** Size of the training pictures, and mean and standard deviation of their pixels. */
export type ColorScale = z.output<typeof schema>

export const colorScaleAsset: Asset<ColorScale> = {
  file: 'pictures.json',
  toJSON: (scale) => scale,
  fromJSON: (json, where) => parseConfig(where, schema, json),
}

/** @throws HeddleError `data` unless all pictures have one size */
export function learnColorScale(pictures: readonly StyledPicture[]): ColorScale {
  const sizes = new Set(pictures.map(({ height, width }) => `${height}x${width}`))
  if (sizes.size > 1) {
    throw new HeddleError(
      'data',
      `image-to-text: expected pictures of one size, got ${[...sizes].slice(0, 4).join(', ')}. Scale them.`,
    )
  }
  let [sum, squares, count] = [0, 0, 0]
  for (const { pixels } of pictures) {
    for (const value of pixels) {
      sum += value
      squares += value ** 2
    }
    count += pixels.length
  }
  const { height, width } = pictures[0]!
  const mean = sum / count
  return { height, width, mean, deviation: Math.sqrt(Math.max(1e-6, squares / count - mean ** 2)) }
}

/** Color pictures as tensors of mean 0 and variance 1. */
export class PictureSource implements VisualSource {
  readonly #scale: ColorScale
  readonly #changes: PictureChanges
  readonly #grid: readonly [rows: number, columns: number]

  /** @param grid rows and columns of the regions that attention looks at */
  constructor(scale: ColorScale, changes: PictureChanges, grid: readonly [rows: number, columns: number]) {
    this.#scale = scale
    this.#changes = changes
    this.#grid = grid
  }

  read(file: DataFile): Promise<StyledPicture> {
    return readPicture(file, this.#scale)
  }

  encode({ name, height, width, pixels }: StyledPicture): Float32Array {
    const { height: H, width: W } = this.#scale
    if (height !== H || width !== W) {
      throw new HeddleError(
        'data',
        `${name}: expected a picture of ${H}x${W}, as in training, got ${height}x${width}. Resize it.`,
      )
    }
    return pixels
  }

  length(): number {
    return 1
  }

  /** @returns [B, H, W, 3] */
  collate(pictures: readonly Float32Array[]): SourceTensors {
    const { height, width, mean, deviation } = this.#scale
    const data = new Float32Array(pictures.length * height * width * 3)
    for (const [i, pixels] of pictures.entries()) {
      for (let j = 0; j < pixels.length; j++) data[i * pixels.length + j] = (pixels[j]! - mean) / deviation
    }
    return { source: tf.tensor4d(data, [pictures.length, height, width, 3]) }
  }

  /** Regions as row:column, from 1. */
  steps(): readonly string[] {
    const [rows, columns] = this.#grid
    return Array.from({ length: rows * columns }, (_, i) => `${Math.floor(i / columns) + 1}:${(i % columns) + 1}`)
  }

  shown({ width, height, pixels }: StyledPicture): ShownSource {
    const [rows, columns] = this.#grid
    return { width, height, pixels: Array.from(pixels, (value) => Math.round(255 * value)), rows, columns }
  }

  augment({ source, target }: EncodedPair<Float32Array>, rng: RandomStream): EncodedPair<Float32Array> {
    return { source: changePicture(source, this.#scale, this.#changes, rng), target }
  }
}
