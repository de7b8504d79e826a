import type { RandomStream } from '@heddle/core'
import { capitalized } from '../shared/capitalized.ts'
import type { TextPair } from '../shared/distinct-pairs.ts'
import { drawDistinct } from '../shared/draw-distinct.ts'
import { drawAction, drawQuestion, drawRequest } from './actions.ts'
import { drawLinked, drawReason } from './linked.ts'
import type { Draw, Phrase } from './phrases.ts'
import type { Register } from './predicate.ts'
import { drawDescription, drawExistence, drawIdentity, drawPossession } from './states.ts'

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

/** The person that a polite sentence addresses. */
const ADDRESSED: readonly (readonly [en: string, ko: string])[] = [
  ['Mom', '엄마'],
  ['Dad', '아빠'],
  ['Grandma', '할머니'],
  ['Teacher', '선생님'],
]

function drawSentence(rng: RandomStream): TextPair {
  const register: Register = rng.uniform() < 0.38 ? 'polite' : 'plain'
  const draw: Draw = { rng, register }
  if (register === 'plain') {
    const { en, ko } = PATTERNS[rng.weighted(WEIGHTS)]![1](draw)
    return { source: capitalized(en), target: ko }
  }
  const request = rng.uniform() < 0.12
  const { en, ko } = request ? drawRequest(draw) : PATTERNS[rng.weighted(WEIGHTS)]![1](draw)
  if (request && rng.uniform() < 0.5) return { source: capitalized(en), target: ko }
  const [name, korean] = rng.pick(ADDRESSED)
  return { source: `${name}, ${en}`, target: `${korean}, ${ko}` }
}

/**
 * Distinct English sentences with their Korean translations, drawn from a small grammar. It covers tenses, negation, questions,
 * wishes, abilities, duties, adjectives, counted nouns, places, times, means, company, reasons and linked clauses. Korean is in
 * written style; it is polite speech in requests and where the sentence addresses somebody by name.
 *
 * Each English sentence has exactly one translation. Known things take 은/는, new things ("a cat") take 이/가. Each English word
 * has one Korean word, and the style follows from the form of address.
 *
 * @throws HeddleError `config` when the grammar does not have that many distinct sentences
 */
export function englishKoreanPairs(count: number, rng: RandomStream): TextPair[] {
  return drawDistinct(
    'englishKoreanPairs',
    count,
    () => drawSentence(rng),
    ({ source }) => source,
  )
}
