import { HeddleError, type RandomStream } from '@heddle/core'
import { drawAction, drawQuestion, drawRequest } from './actions.ts'
import { drawLinked, drawReason } from './linked.ts'
import type { Draw, Phrase } from './phrases.ts'
import type { Register } from './predicate.ts'
import { drawDescription, drawExistence, drawIdentity, drawPossession } from './states.ts'

/** A sentence and its translation. */
export interface SentencePair {
  readonly source: string
  readonly target: string
}

const PATTERNS: readonly (readonly [weight: number, draw: (draw: Draw) => Phrase])[] = [
  [42, drawAction],
  [10, drawQuestion],
  [15, drawDescription],
  [6, drawIdentity],
  [7, drawExistence],
  [4, drawPossession],
  [6, drawReason],
  [7, drawLinked],
]
const WEIGHTS = PATTERNS.map(([weight]) => weight)

/** Whom a polite sentence speaks to; without anybody named it is written style. */
const ADDRESSED: readonly (readonly [en: string, ko: string])[] = [
  ['Mom', '엄마'],
  ['Dad', '아빠'],
  ['Grandma', '할머니'],
  ['Teacher', '선생님'],
]

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function drawSentence(rng: RandomStream): SentencePair {
  const register: Register = rng.uniform() < 0.38 ? 'polite' : 'plain'
  const draw: Draw = { rng, register }
  if (register === 'plain') {
    const { en, ko } = PATTERNS[rng.weighted(WEIGHTS)]![1](draw)
    return { source: capitalised(en), target: ko }
  }
  const request = rng.uniform() < 0.12
  const { en, ko } = request ? drawRequest(draw) : PATTERNS[rng.weighted(WEIGHTS)]![1](draw)
  if (request && rng.uniform() < 0.5) return { source: capitalised(en), target: ko }
  const [name, korean] = rng.pick(ADDRESSED)
  return { source: `${name}, ${en}`, target: `${korean}, ${ko}` }
}

/**
 * Distinct English sentences with their Korean translations, from a small grammar of our own: tenses, negation, questions,
 * wishes, abilities and duties, adjectives, counted nouns, places, times, means, company, reasons and linked clauses, in
 * written style and, where somebody is addressed, in polite speech.
 *
 * An English sentence has one translation only: what is known is marked 은/는 and what is new ("a cat") 이/가; each English
 * word has one Korean word in its place; the style follows from the form of address.
 *
 * @throws HeddleError `config` when the grammar does not find that many distinct sentences
 */
export function generatePairs(count: number, rng: RandomStream): SentencePair[] {
  const pairs = new Map<string, SentencePair>()
  for (let tries = 0; pairs.size < count; tries++) {
    if (tries > 20 * count + 1000) {
      throw new HeddleError('config', `generatePairs: expected a count that the grammar can reach, got ${count}.`)
    }
    const pair = drawSentence(rng)
    if (!pairs.has(pair.source)) pairs.set(pair.source, pair)
  }
  return [...pairs.values()]
}
