import { mapInTurns } from '@heddle/core'
import type { StyledPicture } from '@heddle/data'
import type { Baseline } from '../run/recipe.ts'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'
import type { ImageToTextPipeline } from './image-to-text.ts'

/** Baseline: the caption of the training picture, or clip of the same length, whose pixels are nearest (Euclidean). */
export const nearestPicture: Baseline<SourceTargetPair<StyledPicture>, ImageToTextPipeline> = async ({
  train,
  heldOut,
  pipeline,
  signal,
}) =>
  pipeline.score(await mapInTurns(heldOut, ({ source }) => train[nearestOf(train, source)]!.target, signal), heldOut)

function nearestOf(train: readonly SourceTargetPair<StyledPicture>[], { pixels }: StyledPicture): number {
  let nearest = 0
  let least = Number.POSITIVE_INFINITY
  for (const [i, { source }] of train.entries()) {
    if (source.pixels.length !== pixels.length) continue
    let distance = 0
    // Most pictures are known to be farther after some of their pixels.
    for (let at = 0; at < pixels.length && distance < least; at += 64) {
      const end = Math.min(pixels.length, at + 64)
      for (let j = at; j < end; j++) distance += (pixels[j]! - source.pixels[j]!) ** 2
    }
    if (distance < least) {
      least = distance
      nearest = i
    }
  }
  return nearest
}
