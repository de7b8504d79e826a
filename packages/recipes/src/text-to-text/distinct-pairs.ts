import { HeddleError, type RandomStream } from '@heddle/core'
import type { WritingExample } from '../writing/exact-match.ts'

/** Draws pairs of one kind; `weight` says how often it is chosen among others. */
export interface PairPattern {
  readonly weight: number
  draw(rng: RandomStream): WritingExample<string>
}

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
  for (let tries = 0; pairs.size < count; tries++) {
    if (tries > 20 * count + 1000) {
      throw new HeddleError(
        'config',
        `pairs: expected a number that the built-in data can reach (${pairs.size} or so), got ${count}. Lower it.`,
      )
    }
    const pair = patterns[rng.weighted(weights)]!.draw(rng)
    if (!pairs.has(pair.source)) pairs.set(pair.source, pair)
  }
  return [...pairs.values()]
}

/** A text that starts with a capital. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
