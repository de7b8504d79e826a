import { HeddleError, type RandomStream } from '@heddle/core'
import type { WritingExample } from '../writing/exact-match.ts'

/** Draws pairs of one kind; `weight` says how often it is chosen among others. */
export interface PairPattern {
  readonly weight: number
  draw(rng: RandomStream): WritingExample<string>
}

/** So many draws in a row without a new pair say that there are few left. */
const MOST_MISSES = 1000

/**
 * Draws pairs with distinct sources.
 *
 * @throws HeddleError `config` when the patterns do not give that many
 */
export function distinctPairs(
  patterns: readonly PairPattern[],
  count: number,
  rng: RandomStream,
): WritingExample<string>[] {
  const weights = patterns.map(({ weight }) => weight)
  const pairs = new Map<string, WritingExample<string>>()
  for (let misses = 0; pairs.size < count; misses++) {
    if (misses > MOST_MISSES) {
      throw new HeddleError(
        'config',
        `pairs: expected a number that the built-in data can reach (${pairs.size} or so), got ${count}. Lower it.`,
      )
    }
    const pair = patterns[rng.weighted(weights)]!.draw(rng)
    if (pairs.has(pair.source)) continue
    pairs.set(pair.source, pair)
    misses = 0
  }
  return [...pairs.values()]
}

/** A text that starts with a capital. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
