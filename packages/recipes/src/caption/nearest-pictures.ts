import type { StyledPicture } from '@heddle/data'
import type { WritingExample } from '../writing/exact-match.ts'

/** For each picture the caption of the training picture whose pixels are nearest (Euclidean). */
export function nearestCaptions(
  train: readonly WritingExample<StyledPicture>[],
  test: readonly WritingExample<StyledPicture>[],
): string[] {
  return test.map(({ source: { pixels } }) => {
    let nearest = 0
    let least = Number.POSITIVE_INFINITY
    for (const [i, { source }] of train.entries()) {
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
    return train[nearest]!.target
  })
}
