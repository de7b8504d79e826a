import type { RandomStream } from '@heddle/core'
import { type LabeledPicture, shiftPicture } from '@heddle/data'
import { type LabeledBatch, type LabeledSequence, type LabelUnit, vectorBatch } from './labeled-batch.ts'
import type { ExampleReader } from './labeling.ts'
import { labelIds } from './labels.ts'
import { checkSize, type PictureScale } from './picture-scale.ts'

export interface PictureReaderOptions {
  readonly scale: PictureScale
  readonly labels: readonly string[]
  /** Whether a picture has one label, or a clip has one for each frame. */
  readonly unit: LabelUnit
  /** Pixels that the model reads in one step. */
  readonly featureSize: number
  /** Pixels by which training moves pictures at random, in both directions. */
  readonly shift: number
  /** Name for messages. */
  readonly where: string
}

/** Pictures as sequences of rows of pixels, or clips as sequences of frames. */
export class PictureReader implements ExampleReader<LabeledPicture, LabeledSequence> {
  readonly augment?: (example: LabeledSequence, rng: RandomStream) => LabeledSequence
  readonly #options: PictureReaderOptions
  readonly #idOf: (label: string) => number

  constructor(options: PictureReaderOptions) {
    this.#options = options
    this.#idOf = labelIds(options.labels)
    const { shift, scale } = options
    if (shift > 0) {
      this.augment = ({ input, labels }, rng) => ({
        input: shiftPicture(input as Uint8Array, scale, shift, rng),
        labels,
      })
    }
  }

  labelsOf({ labels }: LabeledPicture): readonly string[] {
    return labels
  }

  encode(picture: LabeledPicture): LabeledSequence {
    checkSize(picture, this.#options.scale, this.#options.where)
    return { input: picture.pixels, labels: picture.labels.map(this.#idOf) }
  }

  collate(examples: readonly LabeledSequence[]): LabeledBatch {
    const { unit, featureSize, scale } = this.#options
    return vectorBatch(examples, unit, { featureSize, mean: scale.mean, deviation: scale.deviation })
  }

  length({ input }: LabeledSequence): number {
    return input.length / this.#options.featureSize
  }
}
