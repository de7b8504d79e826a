import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'
import { type BleuTokenizer, bleuTokens } from './bleu-tokenize.ts'
import { metricPoint, type References, referenceLists, referencesByInput } from './metric.ts'
import { countNgrams, trimEnd } from './words.ts'

/** Smoothing of a precision of zero: Chen & Cherry 2014, method 3 (`exp`), 1 (`floor`), 2 (`add-k`). */
export type BleuSmoothing = 'exp' | 'floor' | 'add-k' | 'none'

export interface BleuOptions {
  /** Default: `'13a'`. */
  readonly tokenizer?: BleuTokenizer
  /** Default: `'exp'`. */
  readonly smoothing?: BleuSmoothing
  /** The floor (default: 0.1) or the k (default: 1) of the smoothing. */
  readonly smoothingValue?: number
  /** Length of the longest n-grams. Default: 4. */
  readonly maxOrder?: number
  /** Whether case is ignored. Default: false. */
  readonly lowercase?: boolean
  /** Whether orders that no prediction is long enough for are left out. Default: false; true for `sentenceBleu`. */
  readonly effectiveOrder?: boolean
}

export interface BleuScore {
  /** From 0 to 100. */
  readonly bleu: number
  /** By order from 1 on, from 0 to 100, smoothed. */
  readonly precisions: readonly number[]
  readonly brevityPenalty: number
  /** Number of tokens of all predictions. */
  readonly predictionLength: number
  /** Number of tokens of all references. Of several references, the one nearest in length counts. */
  readonly referenceLength: number
}

/**
 * Returns BLEU of a corpus: brevityPenalty · exp(mean over n of log precision_n), with precisions over all sentences together.
 *
 * Equals sacreBLEU with the same options. Unlike there, references are listed by prediction.
 *
 * @see Papineni et al. 2002, "BLEU: a method for automatic evaluation of machine translation"
 * @see Post 2018, "A call for clarity in reporting BLEU scores"
 */
export function bleu(
  predictions: readonly string[],
  references: readonly References[],
  options: BleuOptions = {},
): BleuScore {
  const { tokenizer = '13a', maxOrder = 4, lowercase = false } = options
  if (!Number.isInteger(maxOrder) || maxOrder < 1) {
    throw new HeddleError('config', `bleu: expected a maxOrder of at least 1, got ${show(maxOrder)}. Raise it.`)
  }
  const lists = referenceLists('bleu', predictions, references)
  const tokens = (text: string) => bleuTokens(trimEnd(lowercase ? text.toLowerCase() : text), tokenizer)
  const correct = new Array<number>(maxOrder).fill(0)
  const total = new Array<number>(maxOrder).fill(0)
  let predictionLength = 0
  let referenceLength = 0
  for (const [i, text] of predictions.entries()) {
    const predicted = tokens(text)
    const wanted = lists[i]!.map(tokens)
    predictionLength += predicted.length
    referenceLength += nearestLength(predicted.length, wanted)
    for (let n = 1; n <= maxOrder; n++) {
      const limits = new Map<string, number>()
      for (const reference of wanted) {
        for (const [ngram, count] of countNgrams(reference, n))
          limits.set(ngram, Math.max(count, limits.get(ngram) ?? 0))
      }
      for (const [ngram, count] of countNgrams(predicted, n)) {
        total[n - 1]! += count
        correct[n - 1]! += Math.min(count, limits.get(ngram) ?? 0)
      }
    }
  }
  return score(correct, total, predictionLength, referenceLength, options)
}

/** Returns BLEU of one sentence. Orders that the sentence is too short for do not count. */
export function sentenceBleu(prediction: string, references: References, options: BleuOptions = {}): BleuScore {
  return bleu([prediction], [references], { effectiveOrder: true, ...options })
}

function nearestLength(length: number, references: readonly (readonly string[])[]): number {
  return references
    .map((reference) => reference.length)
    .reduce((best, other) => {
      const [a, b] = [Math.abs(best - length), Math.abs(other - length)]
      return b < a || (b === a && other < best) ? other : best
    })
}

function score(
  correct: readonly number[],
  total: readonly number[],
  predictionLength: number,
  referenceLength: number,
  { smoothing = 'exp', smoothingValue = smoothing === 'floor' ? 0.1 : 1, effectiveOrder = false }: BleuOptions,
): BleuScore {
  const precisions = new Array<number>(correct.length).fill(0)
  const brevityPenalty =
    predictionLength >= referenceLength
      ? 1
      : predictionLength === 0
        ? 0
        : Math.exp(1 - referenceLength / predictionLength)
  const lengths = { brevityPenalty, predictionLength, referenceLength }
  if (correct.every((count) => count === 0)) return { bleu: 0, precisions, ...lengths }
  let orders = effectiveOrder ? 0 : correct.length
  let halving = 1
  for (const [i, hits] of correct.entries()) {
    const k = smoothing === 'add-k' && i > 0 ? smoothingValue : 0
    const all = total[i]! + k
    if (all === 0) break
    if (effectiveOrder) orders = i + 1
    if (hits + k > 0) precisions[i] = (100 * (hits + k)) / all
    else if (smoothing === 'exp') precisions[i] = 100 / ((halving *= 2) * all)
    else if (smoothing === 'floor') precisions[i] = (100 * smoothingValue) / all
  }
  const logs = precisions.slice(0, orders).map(Math.log)
  return { bleu: brevityPenalty * Math.exp(logs.reduce((sum, log) => sum + log, 0) / orders), precisions, ...lengths }
}

/** Contribution `bleu`. */
export const bleuMetric = metricPoint.of({
  name: 'bleu',
  summary: 'BLEU of a corpus of texts, as sacreBLEU defines it (0 to 100).',
  config: z.strictObject({
    tokenizer: z.enum(['13a', 'char', 'none']).default('13a').describe('tokenizer of the texts'),
    smoothing: z.enum(['exp', 'floor', 'add-k', 'none']).default('exp').describe('smoothing of a precision of zero'),
    lowercase: z.boolean().default(false).describe('whether case is ignored'),
    maxOrder: z.int().min(1).default(4).describe('length of the longest n-grams'),
  }),
  create: (config) => ({
    values: [{ name: 'bleu', summary: 'BLEU, 0 to 100', better: 'higher' }],
    compute(predictions: readonly string[], references: readonly References[], inputs?: readonly unknown[]) {
      const { bleu: value, brevityPenalty } = bleu(predictions, referencesByInput(references, inputs), config)
      return { bleu: value, brevityPenalty }
    },
  }),
})
