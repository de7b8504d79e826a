import type { LabeledPicture } from '@heddle/data'
import type { Baseline } from '../run/recipe.ts'
import { majorityAccuracy, nearestMeanAccuracy } from './baselines.ts'
import { labelIds, labelsIn } from './labels.ts'

/**
 * Baseline: each picture, or frame of a clip, has the label whose training pictures have the nearest mean. A clip with one label
 * counts as the mean of its frames.
 */
export const nearestMean: Baseline<LabeledPicture> = ({ train, heldOut }) => {
  const labels = labelsIn(train.flatMap((picture) => picture.labels))
  const idOf = labelIds(labels)
  const single = (pictures: readonly LabeledPicture[]) =>
    pictures.flatMap(({ pixels, width, height, labels: names }) => {
      const size = width * height
      if (names.length === 1) return [{ input: meanFrame(pixels, size), labels: names.map(idOf) }]
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

function meanFrame(pixels: Uint8Array, size: number): ArrayLike<number> {
  const frames = pixels.length / size
  if (frames === 1) return pixels
  return Float64Array.from({ length: size }, (_, place) => {
    let sum = 0
    for (let t = 0; t < frames; t++) sum += pixels[t * size + place]!
    return sum / frames
  })
}
