import type { LabeledPicture } from '@heddle/data'
import type { Baseline } from '../run/recipe.ts'
import { majorityAccuracy, nearestMeanAccuracy } from './baselines.ts'
import { labelIds, labelsIn } from './labels.ts'

/** Baseline: each picture, or frame of a clip, has the label whose training pictures have the nearest mean. */
export const nearestMean: Baseline<LabeledPicture> = ({ train, heldOut }) => {
  const labels = labelsIn(train.flatMap((picture) => picture.labels))
  const idOf = labelIds(labels)
  const single = (pictures: readonly LabeledPicture[]) =>
    pictures.flatMap(({ pixels, labels: names }) => {
      const size = pixels.length / names.length
      return names.map((name, t) => ({ input: pixels.subarray(t * size, (t + 1) * size), labels: [idOf(name)] }))
    })
  return {
    accuracy: nearestMeanAccuracy(single(train), single(heldOut), labels.length),
    majorityAccuracy: majorityAccuracy(
      train.flatMap((picture) => picture.labels),
      heldOut.flatMap((picture) => picture.labels),
    ),
  }
}
