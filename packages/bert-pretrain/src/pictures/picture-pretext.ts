import { periodicYield, RandomStream } from '@heddle/core'
import type { GrayPicture } from '@heddle/data'
import { type Module, setTraining } from '@heddle/layers'
import type { MetricInfo } from '@heddle/metrics'
import {
  type Abortable,
  checkSize,
  contentHash,
  defineTask,
  learnPictureScale,
  type PictureScale,
  type PicturesExhibit,
  type Pipeline,
  pictureScaleAsset,
  readGrayPicture,
  readIdxInputs,
  type TaskType,
} from '@heddle/tasks'
import { type Objective, validate } from '@heddle/trainer'
import type * as z from 'zod'
import { type PatchGrid, patchGrid } from './patch-grid.ts'
import { batchesOf, type DrawnPicture, PictureLearning } from './picture-learning.ts'
import type { PretextConfig } from './picture-settings.ts'
import { besideEachOther, type ShownPicture } from './shown-pictures.ts'

const SHOWN = 8

/** A pretext task that is joined with a model: something happens to the patches of a picture, and the model tells what it was. */
interface PicturePretext<R, P, X> {
  // biome-ignore lint/suspicious/noExplicitAny: batches are a matter of the objective
  readonly objective: Objective<DrawnPicture, any>
  readonly metrics: readonly MetricInfo[]
  /** Draws what happens to the patches of a picture. */
  draw(rng: RandomStream): Uint8Array
  /** Changes the patches of a picture for a prediction, the same way each time. */
  drawForPrediction(): Uint8Array
  /** Answers of the model for a batch of pictures. */
  solve(pictures: readonly DrawnPicture[]): Promise<readonly R[]>
  prediction(answer: R): P
  /** A prediction as lines for people. */
  format(prediction: P): string
  /** Pictures to show beside each other: before, after, and the original. */
  strip(picture: DrawnPicture, answer: R): readonly ShownPicture[]
  /** Further methods of the pipeline, for baselines. @param draw what happens to held-out pictures, the same each time */
  more(draw: (pictures: readonly GrayPicture[]) => readonly DrawnPicture[]): X
}

interface PretextContext<C> {
  readonly model: Module
  readonly scale: PictureScale
  readonly grid: PatchGrid
  readonly config: C
}

interface PretextParts<S extends z.ZodType<PretextConfig>, R, P, X> {
  readonly name: string
  readonly summary: string
  readonly config: S
  /** Title of the pictures that are shown. */
  readonly title: string
  /** Sizes that the model takes from the data besides that of a row of pixels. */
  sizes?(scale: PictureScale, config: z.output<S>): Readonly<Record<string, unknown>>
  pretext(context: PretextContext<z.output<S>>): PicturePretext<R, P, X>
}

interface PicturePipeline<P> extends Pipeline<GrayPicture, GrayPicture, P> {
  readonly learning: PictureLearning
}

/** The pipeline of a pretext task, with further methods for its baselines. */
export type PretextPipeline<P, X> = PicturePipeline<P> & X

/** Defines a task that pre-trains encoders on pictures without labels. */
export function definePretext<S extends z.ZodType<PretextConfig>, R, P, X extends object>({
  title,
  sizes,
  pretext: start,
  ...parts
}: PretextParts<S, R, P, X>): TaskType<GrayPicture, S, PretextPipeline<P, X>> {
  return defineTask({
    ...parts,
    unit: 'pictures',
    assets: { scale: pictureScaleAsset },

    learn: (train: readonly GrayPicture[]) => ({ scale: learnPictureScale(train, parts.name) }),

    facts: ({ pixels }: GrayPicture) => ({ input: contentHash(pixels) }),

    sizes: ({ scale }, config) => ({ input: { featureSize: scale.width }, ...sizes?.(scale, config) }),

    pipeline({ model, assets: { scale }, config, where }): PretextPipeline<P, X> {
      const pretext = start({ model, scale, grid: patchGrid(scale, config.grid, where), config })
      const { objective, metrics } = pretext
      const { batchSize, shift } = config.training
      const check = (picture: GrayPicture) => checkSize(picture, scale, where)
      const draw = (rng: RandomStream) => pretext.draw(rng)
      const learning = new PictureLearning({ objective, draw, metrics, batchSize, shift, check })
      const solve = async (drawn: readonly DrawnPicture[], { signal }: Abortable = {}) => {
        const yieldNow = periodicYield(signal)
        setTraining(model, false)
        const answers: R[] = []
        for (const batch of batchesOf(drawn)) {
          await yieldNow()
          answers.push(...(await pretext.solve(batch)))
        }
        return answers
      }
      return {
        learning,
        metrics,
        async evaluate(pictures, { signal } = {}) {
          const batches = learning.validationBatches(pictures)
          const metrics = await validate({ model, objective, batches, ...(signal && { signal }) })
          setTraining(model, false)
          return metrics
        },
        async predict(pictures, options) {
          const drawn = pictures.map((picture) => {
            check(picture)
            return { pixels: picture.pixels, patches: pretext.drawForPrediction() }
          })
          return (await solve(drawn, options)).map((answer) => pretext.prediction(answer))
        },
        input: { kind: 'file', read: (file) => readGrayPicture(file, scale), readAll: readIdxInputs(3) },
        format: (prediction) => pretext.format(prediction),
        async demonstrate(pictures, rng, options): Promise<PicturesExhibit[]> {
          const drawn = learning.drawn(rng.shuffled(pictures).slice(0, SHOWN), rng)
          const answers = await solve(drawn, options)
          const strips = drawn.map((picture, i) => pretext.strip(picture, answers[i]!))
          return [besideEachOther(title, scale, strips)]
        },
        abilities: [],
        ...pretext.more((pictures) => learning.drawn(pictures, new RandomStream(1))),
      }
    },
  })
}
