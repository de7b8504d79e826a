import { RandomStream } from '@heddle/core'
import type { GrayPicture } from '@heddle/data'
import type { MetricInfo } from '@heddle/metrics'
import { type Baseline, type PictureScale, part } from '@heddle/tasks'
import type { Objective, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { PatchFiller } from './patch-filler.ts'
import { type PatchGrid, patchOfPixels } from './patch-grid.ts'
import type { DrawnPicture } from './picture-learning.ts'
import { definePretext, type PretextPipeline } from './picture-pretext.ts'
import { pictureFields } from './picture-settings.ts'

// B batch, T rows of pixels, W pixels in a row

const config = z.strictObject({
  model: part.prefault('patch-filler').describe('a model that reads rows of pixels and gives rows of pixels'),
  hidden: z.number().gt(0).lt(1).default(0.5).describe('share of the patches that are hidden'),
  ...pictureFields,
})

const METRICS: readonly MetricInfo[] = [
  { name: 'loss', summary: 'mean squared error of the hidden pixels, as a share of their variance', better: 'lower' },
]

/** A whole picture: what was seen of it, and what is filled in. */
export interface FilledPicture {
  readonly width: number
  readonly height: number
  /** Row by row, from 0 (black) to 255. */
  readonly pixels: readonly number[]
}

interface FillingError {
  /** Mean squared error of a guess at the hidden pixels of held-out pictures. @param guess [height, width], from 0 to 255 */
  errorOf(guess: ArrayLike<number>, pictures: readonly GrayPicture[]): number
}

export type MaskedPatchesPipeline = PretextPipeline<FilledPicture, FillingError>

/**
 * Pre-training on pictures without labels: patches are hidden, and filled in from the others. Only hidden pixels count.
 *
 * @see He et al. 2022, "Masked autoencoders are scalable vision learners"; Bao et al. 2022, "BEiT"
 */
export const maskedPatches = definePretext({
  name: 'masked-patches',
  summary: 'hidden patches of a picture, filled in; pre-trains encoders of pictures',
  config,
  title: 'Hidden patches of unseen pictures',

  pretext({ model, scale, grid, config: { hidden } }) {
    const { width, height } = scale
    const objective = new FillingObjective(model as PatchFiller, scale, grid)
    const numPatches = grid.side ** 2
    const numHidden = Math.min(numPatches - 1, Math.max(1, Math.round(hidden * numPatches)))
    const draw = (rng: RandomStream) => {
      const chosen = new Uint8Array(numPatches)
      for (const patch of rng.shuffled([...chosen.keys()]).slice(0, numHidden)) chosen[patch] = 1
      return chosen
    }
    return {
      objective,
      metrics: METRICS,
      draw,
      drawForPrediction: () => draw(new RandomStream(1)),
      solve: (pictures) => objective.fill(pictures),
      prediction: (pixels): FilledPicture => ({ pixels: [...pixels], width, height }),
      format: ({ pixels, width }) =>
        Array.from({ length: pixels.length / width }, (_, y) =>
          Array.from(pixels.slice(y * width, (y + 1) * width), (pixel) => SHADES[pixel >> 6]).join(''),
        ).join('\n'),
      strip: (picture, filled) => [
        { pixels: objective.hide(picture), label: 'hidden' },
        { pixels: filled, label: 'filled in' },
        { pixels: picture.pixels, label: 'original' },
      ],
      more: (drawn): FillingError => ({ errorOf: (guess, pictures) => objective.errorOf(guess, drawn(pictures)) }),
    }
  },
})

const SHADES = [' ', '░', '▒', '█']

interface Batch {
  readonly x: tf.Tensor3D
  /** 1 at hidden pixels. */
  readonly hidden: tf.Tensor3D
}

/** Learns the hidden pixels, in units of the standard deviation of all pixels. */
class FillingObjective implements Objective<DrawnPicture, Batch> {
  readonly #model: PatchFiller
  readonly #scale: PictureScale
  readonly #patchOf: Uint16Array

  constructor(model: PatchFiller, scale: PictureScale, grid: PatchGrid) {
    this.#model = model
    this.#scale = scale
    this.#patchOf = patchOfPixels(grid)
  }

  collate(pictures: readonly DrawnPicture[]): Batch {
    const { width, height, mean, deviation } = this.#scale
    const size = width * height
    const [x, hidden] = [new Float32Array(pictures.length * size), new Float32Array(pictures.length * size)]
    for (const [b, { pixels, patches }] of pictures.entries()) {
      for (let i = 0; i < size; i++) {
        x[b * size + i] = (pixels[i]! - mean) / deviation
        hidden[b * size + i] = patches[this.#patchOf[i]!]!
      }
    }
    const shape: [number, number, number] = [pictures.length, height, width]
    return { x: tf.tensor3d(x, shape), hidden: tf.tensor3d(hidden, shape) }
  }

  get pyTorch(): string {
    return `
def loss(model, batch, step, state):
    """Mean squared error of the hidden pixels."""
    x, hidden = batch["x"], batch["hidden"]
    error = (model(x * (1 - hidden)) - x) * hidden
    return error.square().sum() / hidden.sum(), None
`.slice(1)
  }

  /** Every picture hides as many pixels as every other. */
  loss({ x, hidden }: Batch): ObjectiveLoss {
    const error = tf.mul(tf.sub(this.#filledIn({ x, hidden }), x), hidden) // [B, T, W]
    return { loss: tf.div(tf.sum(tf.square(error)), tf.sum(hidden)) as tf.Scalar }
  }

  /** Whole pictures, from 0 to 255: what is seen of them, and what the model fills in. */
  async fill(pictures: readonly DrawnPicture[]): Promise<Uint8Array[]> {
    const { width, height, mean, deviation } = this.#scale
    const size = width * height
    const batch = this.collate(pictures)
    const filled = tf.tidy(() => this.#filledIn(batch))
    const values = await filled.data()
    tf.dispose([filled, batch.x, batch.hidden])
    return pictures.map(({ pixels, patches }, b) =>
      Uint8Array.from(pixels, (pixel, i) => {
        if (patches[this.#patchOf[i]!] === 0) return pixel
        return Math.round(Math.min(255, Math.max(0, values[b * size + i]! * deviation + mean)))
      }),
    )
  }

  hide({ pixels, patches }: DrawnPicture): Uint8Array {
    return pixels.map((pixel, i) => (patches[this.#patchOf[i]!] === 0 ? pixel : this.#scale.mean))
  }

  errorOf(guess: ArrayLike<number>, pictures: readonly DrawnPicture[]): number {
    let [sum, count] = [0, 0]
    for (const { pixels, patches } of pictures) {
      for (let i = 0; i < pixels.length; i++) {
        if (patches[this.#patchOf[i]!] === 0) continue
        sum += ((pixels[i]! - guess[i]!) / this.#scale.deviation) ** 2
        count++
      }
    }
    return sum / count
  }

  /** @returns [B, T, W] */
  #filledIn({ x, hidden }: Batch): tf.Tensor {
    return this.#model.forward(tf.mul(x, tf.sub(1, hidden))) // hidden pixels are as bright as the mean
  }
}

/** Baseline: each hidden pixel is as bright as it is on average over the training pictures. */
export const meanPicture: Baseline<GrayPicture, MaskedPatchesPipeline> = ({ train, heldOut, pipeline }) => {
  const mean = new Float64Array(train[0]!.pixels.length)
  for (const { pixels } of train) for (let i = 0; i < mean.length; i++) mean[i]! += pixels[i]! / train.length
  return { loss: pipeline.errorOf(mean, heldOut) }
}
