import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'
import { metricPoint, type References, referenceLists, referencesByInput } from './metric.ts'
import { countNgrams, overlap, words } from './words.ts'

export interface ChrfOptions {
  /** Length of the longest character n-grams. Default: 6. */
  readonly charOrder?: number
  /** Length of the longest word n-grams: 0 (default) for chrF, 2 for chrF++. */
  readonly wordOrder?: number
  /** Weight of recall relative to precision. Default: 2. */
  readonly beta?: number
  /** Whether case is ignored. Default: false. */
  readonly lowercase?: boolean
  /** Whether white space counts as characters. Default: false. */
  readonly whitespace?: boolean
}

/**
 * Returns the F score of character n-grams (chrF), with word n-grams on demand (chrF++), from 0 to 100:
 * (1 + β²) P R / (β² P + R), where P and R are means over the orders.
 *
 * Equals sacreBLEU: the counts of all sentences are added, and of several references the best one counts for each sentence.
 *
 * @see Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation"
 * @see Popović 2017, "chrF++: words helping character n-grams"
 */
export function chrf(
  predictions: readonly string[],
  references: readonly References[],
  options: ChrfOptions = {},
): number {
  const { charOrder = 6, wordOrder = 0, beta = 2 } = options
  if (
    !Number.isInteger(charOrder) ||
    !Number.isInteger(wordOrder) ||
    charOrder < 0 ||
    wordOrder < 0 ||
    charOrder + wordOrder < 1
  ) {
    throw new HeddleError(
      'config',
      `chrf: expected orders of at least 0 and not both 0, got ${show(charOrder)} and ${show(wordOrder)}. Raise one.`,
    )
  }
  const lists = referenceLists('chrf', predictions, references)
  const sum = new Statistics(charOrder + wordOrder)
  for (const [i, text] of predictions.entries()) {
    const predicted = ngramCounts(text, options)
    let best: Statistics | undefined
    let bestScore = -1
    for (const reference of lists[i]!) {
      const statistics = new Statistics(predicted.length)
      statistics.compare(predicted, ngramCounts(reference, options))
      const score = statistics.fScore(beta)
      if (score > bestScore) [best, bestScore] = [statistics, score]
    }
    sum.add(best!)
  }
  return sum.fScore(beta)
}

/** N-gram counts by order: of characters, then of words. */
function ngramCounts(
  text: string,
  { charOrder = 6, wordOrder = 0, lowercase = false, whitespace = false }: ChrfOptions,
) {
  const cased = lowercase ? text.toLowerCase() : text
  const characters = [...(whitespace ? cased : words(cased).join(''))]
  const tokens = wordOrder > 0 ? words(cased).flatMap(splitPunctuation) : []
  return [
    ...Array.from({ length: charOrder }, (_, n) => countNgrams(characters, n + 1, '')),
    ...Array.from({ length: wordOrder }, (_, n) => countNgrams(tokens, n + 1)),
  ]
}

const PUNCTUATION = /[!-/:-@[-`{-~]/

/** Separates one punctuation mark from a word: the last character, or else the first. */
function splitPunctuation(word: string): string[] {
  const characters = [...word]
  if (characters.length === 1) return [word]
  if (PUNCTUATION.test(characters.at(-1)!)) return [characters.slice(0, -1).join(''), characters.at(-1)!]
  if (PUNCTUATION.test(characters[0]!)) return [characters[0]!, characters.slice(1).join('')]
  return [word]
}

/** Numbers of n-grams by order: predicted, in the reference, and shared. */
class Statistics {
  readonly #predicted: number[]
  readonly #wanted: number[]
  readonly #common: number[]

  constructor(orders: number) {
    this.#predicted = new Array(orders).fill(0)
    this.#wanted = new Array(orders).fill(0)
    this.#common = new Array(orders).fill(0)
  }

  compare(predicted: readonly ReadonlyMap<string, number>[], wanted: readonly ReadonlyMap<string, number>[]): void {
    for (const [n, counts] of predicted.entries()) {
      const reference = wanted[n]!
      this.#wanted[n]! += total(reference)
      this.#common[n]! += overlap(counts, reference)
      // A reference that is too short for the order says nothing about the prediction.
      this.#predicted[n]! += reference.size > 0 ? total(counts) : 0
    }
  }

  add(other: Statistics): void {
    for (let n = 0; n < this.#common.length; n++) {
      this.#predicted[n]! += other.#predicted[n]!
      this.#wanted[n]! += other.#wanted[n]!
      this.#common[n]! += other.#common[n]!
    }
  }

  fScore(beta: number): number {
    let precision = 0
    let recall = 0
    let orders = 0
    for (const [n, common] of this.#common.entries()) {
      if (this.#predicted[n] === 0 || this.#wanted[n] === 0) continue
      precision += common / this.#predicted[n]!
      recall += common / this.#wanted[n]!
      orders++
    }
    if (precision + recall === 0) return 0
    precision /= orders
    recall /= orders
    return (100 * (1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall)
  }
}

const total = (counts: ReadonlyMap<string, number>) => {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}

/** Contribution `chrf`. */
export const chrfMetric = metricPoint.of({
  name: 'chrf',
  summary: 'F score of character n-grams, as sacreBLEU defines it (0 to 100); chrF++ with wordOrder 2.',
  config: z.strictObject({
    charOrder: z.int().min(1).default(6).describe('length of the longest character n-grams'),
    wordOrder: z.int().min(0).default(0).describe('length of the longest word n-grams; 2 gives chrF++'),
    beta: z.number().positive().default(2).describe('weight of recall relative to precision'),
    lowercase: z.boolean().default(false).describe('whether case is ignored'),
  }),
  create: (config) => ({
    values: [{ name: 'chrf', summary: 'chrF, 0 to 100', better: 'higher' }],
    compute: (predictions: readonly string[], references: readonly References[], inputs?: readonly unknown[]) => ({
      chrf: chrf(predictions, referencesByInput(references, inputs), config),
    }),
  }),
})
