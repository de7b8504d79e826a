import type { RandomStream } from '@heddle/core'
import { drawDistinct } from './draw-distinct.ts'

/** A text and the text that a model writes for it. */
export interface TextPair {
  readonly source: string
  readonly target: string
}

/** One way to draw a pair; `weight` is how often it is chosen relative to the others. */
export interface PairPattern {
  readonly weight: number
  draw(rng: RandomStream): TextPair
}

/**
 * Draws pairs with distinct sources.
 *
 * @param generator name of the public function, for its errors
 * @throws HeddleError `config` when the patterns do not give that many pairs
 */
export function distinctPairs(
  generator: string,
  patterns: readonly PairPattern[],
  count: number,
  rng: RandomStream,
): TextPair[] {
  const weights = patterns.map(({ weight }) => weight)
  return drawDistinct(
    generator,
    count,
    () => patterns[rng.weighted(weights)]!.draw(rng),
    ({ source }) => source,
  )
}
