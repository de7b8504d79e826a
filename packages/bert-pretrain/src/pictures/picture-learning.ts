import { RandomStream } from '@heddle/core'
import { BatchSampler, type GrayPicture, MappedBatches, shiftPicture } from '@heddle/data'
import type { MetricInfo } from '@heddle/metrics'
import type { StepwiseLearning } from '@heddle/tasks'
import type { BatchSource, Objective } from '@heddle/trainer'

/** Pictures that are read at once outside of training. */
const READ_AT_ONCE = 256

/** A picture with what was drawn for each of its patches: whether it is hidden, or the patch that is shown in its place. */
export interface DrawnPicture {
  readonly pixels: Uint8Array
  readonly patches: Uint8Array
}

export interface PictureLearningOptions {
  // biome-ignore lint/suspicious/noExplicitAny: batches are a matter of the objective
  readonly objective: Objective<DrawnPicture, any>
  /** Draws what happens to the patches of a picture. */
  readonly draw: (rng: RandomStream) => Uint8Array
  readonly metrics: readonly MetricInfo[]
  readonly batchSize: number
  /** Pixels by which training moves pictures at random, in both directions. */
  readonly shift: number
  /** Fails for pictures of another size than those of training. */
  readonly check: (picture: GrayPicture) => void
}

/** Learns from pictures without labels: each time that a picture comes, something else is drawn for its patches. */
export class PictureLearning implements StepwiseLearning<GrayPicture> {
  readonly objective: PictureLearningOptions['objective']
  readonly #options: PictureLearningOptions

  constructor(options: PictureLearningOptions) {
    this.objective = options.objective
    this.#options = options
  }

  validationMetrics(): readonly string[] {
    return this.#options.metrics.map(({ name }) => name)
  }

  trainingBatches(pictures: readonly GrayPicture[], rng: RandomStream): BatchSource<DrawnPicture> {
    const { batchSize, draw, shift } = this.#options
    const nothing = new Uint8Array()
    const sampler = new BatchSampler(
      pictures.map(({ pixels, width, height }) => ({ pixels, width, height, patches: nothing })),
      { batchSize: Math.min(batchSize, pictures.length), dropLast: true, rng },
    )
    const change = ({ pixels, width, height }: DrawnPicture & GrayPicture, stream: RandomStream) => ({
      ...{ width, height, patches: draw(stream) },
      pixels: shift === 0 ? pixels : shiftPicture(pixels, { width, height }, shift, stream),
    })
    return new MappedBatches(sampler, change, rng)
  }

  /** The same patches each time. */
  *validationBatches(pictures: readonly GrayPicture[]): Generator<readonly DrawnPicture[]> {
    const drawn = this.drawn(pictures, new RandomStream(1))
    yield* batchesOf(drawn)
  }

  drawn(pictures: readonly GrayPicture[], rng: RandomStream): DrawnPicture[] {
    return pictures.map((picture) => {
      this.#options.check(picture)
      return { pixels: picture.pixels, patches: this.#options.draw(rng) }
    })
  }
}

/** Drawn pictures in batches that are small enough for memory. */
export function* batchesOf(drawn: readonly DrawnPicture[]): Generator<readonly DrawnPicture[]> {
  for (let at = 0; at < drawn.length; at += READ_AT_ONCE) yield drawn.slice(at, at + READ_AT_ONCE)
}
