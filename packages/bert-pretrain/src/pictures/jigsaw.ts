import type { GrayPicture } from '@heddle/data'
import { crossEntropy } from '@heddle/layers'
import type { MetricInfo } from '@heddle/metrics'
import { type Baseline, type PictureScale, part } from '@heddle/tasks'
import type { Objective, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { JigsawSolver } from './jigsaw-solver.ts'
import { movePatches, type PatchGrid, patchOfPixels } from './patch-grid.ts'
import type { DrawnPicture } from './picture-learning.ts'
import { definePretext, type PretextPipeline } from './picture-pretext.ts'
import { pictureFields } from './picture-settings.ts'

// B batch, T rows of pixels, W pixels in a row, P patches

const config = z.strictObject({
  model: part.prefault('jigsaw-solver').describe('a model that reads rows of pixels and says where each patch belongs'),
  moved: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe('share of the patches that change places; the others show the model how whole pictures look'),
  ...pictureFields,
})

const METRICS: readonly MetricInfo[] = [
  { name: 'loss', summary: 'nats per patch', better: 'lower' },
  { name: 'accuracy', summary: 'share of the moved patches that are put back in their places', better: 'higher' },
]

interface JigsawMeasures {
  /** Loss of knowing only how often a place keeps its patch. */
  readonly chanceLoss: number
  /** Share of the moved patches of held-out pictures that a simpler method puts back. */
  accuracyOf(place: (patch: readonly number[]) => number, pictures: readonly GrayPicture[]): number
  /** The patches of a picture in their order. */
  patchesOf(picture: Pick<GrayPicture, 'pixels'>): number[][]
}

export type JigsawPipeline = PretextPipeline<readonly number[], JigsawMeasures>

/**
 * Pre-training on pictures without labels: patches change places, and are put back. Each place has a distribution over all
 * patches; patches that look alike, such as black ones, cannot be told apart.
 *
 * @see Noroozi & Favaro 2016, "Unsupervised learning of visual representations by solving jigsaw puzzles"
 */
export const jigsaw = definePretext({
  name: 'jigsaw',
  summary: 'shuffled patches of a picture, put back in order; pre-trains encoders of pictures',
  config,
  title: 'Shuffled patches of unseen pictures',

  sizes: ({ height }, { grid }) => ({ numRows: height, side: grid }),

  pretext({ model, scale, grid, config: { moved } }) {
    const objective = new OrderObjective(model as JigsawSolver, scale, grid)
    const numPatches = grid.side ** 2
    const numMoved = Math.max(2, Math.round(moved * numPatches))
    const inOrder = () => Uint8Array.from({ length: numPatches }, (_, i) => i)
    const patchOf = patchOfPixels(grid)
    const patchesOf = ({ pixels }: Pick<GrayPicture, 'pixels'>) => {
      const patches: number[][] = Array.from({ length: numPatches }, () => [])
      for (const [i, pixel] of pixels.entries()) patches[patchOf[i]!]!.push(pixel)
      return patches
    }
    return {
      objective,
      metrics: METRICS,
      draw(rng) {
        const order = inOrder()
        const places = rng.shuffled([...order.keys()]).slice(0, numMoved)
        const patches = rng.shuffled(places)
        for (const [i, place] of places.entries()) order[place] = patches[i]!
        return order
      },
      drawForPrediction: inOrder,
      solve: (pictures) => objective.solve(pictures),
      prediction: (patches): readonly number[] => patches,
      format: (patches) => patches.map((patch) => patch + 1).join(' '),
      strip({ pixels, patches }, found) {
        const shuffled = movePatches(pixels, grid, patches)
        // Each patch goes where the model says that it belongs; a place that two belong to shows the later one.
        const back = Uint8Array.from(patches, (_, place) => Math.max(0, found.lastIndexOf(place)))
        return [
          { pixels: shuffled, label: 'shuffled' },
          { pixels: movePatches(shuffled, grid, back), label: 'put back' },
          { pixels, label: 'original' },
        ]
      },
      more: (drawn): JigsawMeasures => ({
        chanceLoss: chanceLoss(numPatches, numMoved),
        patchesOf,
        accuracyOf(place, pictures) {
          let [right, all] = [0, 0]
          for (const { pixels, patches } of drawn(pictures)) {
            const own = patchesOf({ pixels })
            for (const [at, patch] of patches.entries()) {
              if (patch === at) continue
              all++
              if (place(own[patch]!) === patch) right++
            }
          }
          return right / all
        },
      }),
    }
  },
})

interface Batch {
  readonly x: tf.Tensor3D
  /** The patch at each place, [B, P], int32. */
  readonly patches: tf.Tensor2D
  /** 1 at places with another patch than their own, [B, P]. */
  readonly moved: tf.Tensor2D
  readonly numMoved: number
}

/** Learns which patch stands at each place. */
class OrderObjective implements Objective<DrawnPicture, Batch> {
  readonly #model: JigsawSolver
  readonly #scale: PictureScale
  readonly #grid: PatchGrid

  constructor(model: JigsawSolver, scale: PictureScale, grid: PatchGrid) {
    this.#model = model
    this.#scale = scale
    this.#grid = grid
  }

  collate(pictures: readonly DrawnPicture[]): Batch {
    const { width, height, mean, deviation } = this.#scale
    const [B, size, P] = [pictures.length, width * height, this.#grid.side ** 2]
    const x = new Float32Array(B * size)
    const [all, moved] = [new Int32Array(B * P), new Float32Array(B * P)]
    for (const [b, { pixels, patches }] of pictures.entries()) {
      const shown = movePatches(pixels, this.#grid, patches)
      for (let i = 0; i < size; i++) x[b * size + i] = (shown[i]! - mean) / deviation
      all.set(patches, b * P)
      for (const [place, patch] of patches.entries()) moved[b * P + place] = patch === place ? 0 : 1
    }
    return {
      x: tf.tensor3d(x, [B, height, width]),
      patches: tf.tensor2d(all, [B, P], 'int32'),
      moved: tf.tensor2d(moved, [B, P]),
      numMoved: moved.reduce((sum, value) => sum + value, 0),
    }
  }

  get pyTorch(): string {
    return `
def loss(model, batch, step, state):
    """Cross-entropy of the patch at each place."""
    return F.cross_entropy(model(batch["x"]).flatten(0, 1), batch["patches"].flatten()), None
`.slice(1)
  }

  loss({ x, patches, moved, numMoved }: Batch): ObjectiveLoss {
    const { logits } = this.#model.forward(x) // [B, P, P]
    const right = tf.cast(tf.equal(tf.cast(tf.argMax(logits, -1), 'int32'), patches), 'float32') // [B, P]
    const accuracy = tf.div(tf.sum(tf.mul(right, moved)), Math.max(1, numMoved)) as tf.Scalar
    return { loss: crossEntropy(logits, patches), metrics: { accuracy }, metricWeights: { accuracy: numMoved } }
  }

  /** The most likely patch at each place. */
  async solve(pictures: readonly DrawnPicture[]): Promise<number[][]> {
    const { x, patches, moved } = this.collate(pictures)
    const best = tf.tidy(() => tf.argMax(this.#model.forward(x).logits, -1)) // [B, P]
    const found = (await best.array()) as number[][]
    tf.dispose([x, patches, moved, best])
    return found
  }
}

/** Entropy of the patch at a place, of which `numMoved` are shuffled among each other. */
function chanceLoss(numPatches: number, numMoved: number): number {
  const own = (numPatches - numMoved + 1) / numPatches
  const other = (1 - own) / (numPatches - 1)
  return -own * Math.log(own) - (1 - own) * Math.log(other)
}

/** Baseline: each patch belongs to the place whose patches look most like it on average over the training pictures; its loss is that of chance. */
export const nearestMeanPatch: Baseline<GrayPicture, JigsawPipeline> = ({ train, heldOut, pipeline }) => {
  const means = pipeline.patchesOf(train[0]!).map((patch) => new Float64Array(patch.length))
  for (const picture of train) {
    for (const [place, patch] of pipeline.patchesOf(picture).entries())
      for (const [i, pixel] of patch.entries()) means[place]![i]! += pixel / train.length
  }
  const distance = (patch: readonly number[], mean: Float64Array) =>
    patch.reduce((sum, pixel, i) => sum + (pixel - mean[i]!) ** 2, 0)
  const place = (patch: readonly number[]) => {
    const distances = means.map((mean) => distance(patch, mean))
    return distances.indexOf(Math.min(...distances))
  }
  return { loss: pipeline.chanceLoss, accuracy: pipeline.accuracyOf(place, heldOut) }
}
