import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'
import { metricPoint, type References, referenceLists, referencesByInput } from './metric.ts'
import { countNgrams, overlap, words } from './words.ts'

/**
 * The words that ROUGE counts, in lower case. `ascii`: runs of ASCII letters and digits, as in rouge_score, which finds nothing in
 * most scripts. `unicode`: runs of letters, marks and digits of any script. `none`: words between white space.
 */
export type RougeTokenizer = 'ascii' | 'unicode' | 'none'

export interface RougeOptions {
  /** Default: `'ascii'`. */
  readonly tokenizer?: RougeTokenizer
}

export interface RougeValue {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface RougeScore {
  readonly rouge1: RougeValue
  readonly rouge2: RougeValue
  readonly rougeL: RougeValue
}

/**
 * Returns ROUGE-1 and ROUGE-2 (shared n-grams) and ROUGE-L (longest common subsequence), each the mean over the examples, from 0 to 1.
 *
 * Equals the package rouge_score without stemming. F is the harmonic mean. Of several references, the one with the best F counts for
 * each value.
 *
 * @see Lin 2004, "ROUGE: a package for automatic evaluation of summaries"
 */
export function rouge(
  predictions: readonly string[],
  references: readonly References[],
  { tokenizer = 'ascii' }: RougeOptions = {},
): RougeScore {
  if (!['ascii', 'unicode', 'none'].includes(tokenizer)) {
    throw new HeddleError(
      'config',
      `rouge: expected a tokenizer of ascii, unicode or none, got ${show(tokenizer)}. Choose one of them.`,
    )
  }
  const lists = referenceLists('rouge', predictions, references)
  const mean = (compare: (predicted: readonly string[], wanted: readonly string[]) => RougeValue): RougeValue => {
    const sum = { precision: 0, recall: 0, f1: 0 }
    for (const [i, prediction] of predictions.entries()) {
      const predicted = tokens(prediction, tokenizer)
      const values = lists[i]!.map((reference) => compare(predicted, tokens(reference, tokenizer)))
      const best = values.reduce((a, b) => (b.f1 > a.f1 ? b : a))
      sum.precision += best.precision / predictions.length
      sum.recall += best.recall / predictions.length
      sum.f1 += best.f1 / predictions.length
    }
    return sum
  }
  return { rouge1: mean((a, b) => rougeN(a, b, 1)), rouge2: mean((a, b) => rougeN(a, b, 2)), rougeL: mean(rougeL) }
}

function tokens(text: string, tokenizer: RougeTokenizer): string[] {
  const lower = text.toLowerCase()
  if (tokenizer === 'none') return words(lower)
  return lower.match(tokenizer === 'ascii' ? /[a-z0-9]+/g : /[\p{L}\p{M}\p{N}]+/gu) ?? []
}

function rougeN(predicted: readonly string[], wanted: readonly string[], n: number): RougeValue {
  const size = (list: readonly string[]) => Math.max(0, list.length - n + 1)
  return value(overlap(countNgrams(predicted, n), countNgrams(wanted, n)), size(predicted), size(wanted))
}

function rougeL(predicted: readonly string[], wanted: readonly string[]): RougeValue {
  return value(longestCommonSubsequence(predicted, wanted), predicted.length, wanted.length)
}

function value(common: number, predicted: number, wanted: number): RougeValue {
  if (common === 0) return { precision: 0, recall: 0, f1: 0 }
  const precision = common / predicted
  const recall = common / wanted
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) }
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let previous = new Uint32Array(b.length + 1)
  let current = new Uint32Array(b.length + 1)
  for (const item of a) {
    for (let j = 1; j <= b.length; j++) {
      current[j] = item === b[j - 1] ? previous[j - 1]! + 1 : Math.max(previous[j]!, current[j - 1]!)
    }
    ;[previous, current] = [current, previous]
  }
  return previous[b.length]!
}

/** Contribution `rouge`. */
export const rougeMetric = metricPoint.of({
  name: 'rouge',
  summary: 'ROUGE-1, ROUGE-2 and ROUGE-L F scores of summaries (0 to 1), as rouge_score defines them without stemming.',
  config: z.strictObject({
    tokenizer: z
      .enum(['ascii', 'unicode', 'none'])
      .default('ascii')
      .describe('Words: runs of ASCII letters and digits, of any letters and digits, or between white space'),
  }),
  create: (config) => ({
    values: [
      { name: 'rougeL', summary: 'ROUGE-L, 0 to 1', better: 'higher' },
      { name: 'rouge1', summary: 'ROUGE-1, 0 to 1', better: 'higher' },
      { name: 'rouge2', summary: 'ROUGE-2, 0 to 1', better: 'higher' },
    ],
    compute(predictions: readonly string[], references: readonly References[], inputs?: readonly unknown[]) {
      const { rouge1, rouge2, rougeL } = rouge(predictions, referencesByInput(references, inputs), config)
      return { rouge1: rouge1.f1, rouge2: rouge2.f1, rougeL: rougeL.f1 }
    },
  }),
})
