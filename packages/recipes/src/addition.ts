import { additionPairs, countCarries } from '@heddle/synthetic'
import { accuracyByLength, exactTexts, nearestText, pairedTexts, recipe, textToText } from '@heddle/tasks'
import * as z from 'zod'

const { fields, read } = pairedTexts('addition', { source: ['source', 'sum'], target: ['target', 'result'] })

const digitsOf = (sum: string) => Math.max(...sum.split('+').map((number) => number.length))

/**
 * Probe of an algorithm: the sum of two numbers, digit by digit with carries, also of longer numbers than training had.
 *
 * @see Zaremba & Sutskever 2014, "Learning to execute"; Lee et al. 2023, "Teaching arithmetic to small Transformers" for results
 * that are written from their last digit
 */
export const addition = recipe({
  name: 'addition',
  summary: 'probe: adds two numbers digit by digit, also longer ones than in training',
  task: textToText,
  data: {
    count: 20_000,
    validation: 300,
    test: 500,
    fields: {
      ...fields,
      longest: z.int().min(1).default(5).describe('digits of the longest built-in number in training'),
      longestTested: z
        .int()
        .min(1)
        .default(10)
        .describe('digits of the longest built-in number that is tested; outputs end at decoding.maxLength'),
      reversed: z
        .enum(['none', 'result', 'all'])
        .default('result')
        .describe('numbers that are written from the last digit to the first'),
    },
    format: 'a TSV file: sum such as 58+7, result; or JSON lines or CSV with fields of these names',
    builtIn: ({ count, longest, reversed }, rng) => additionPairs(count, rng, { longest, reversed }),
    read,
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 32, hiddenSize: 128, attention: 'additive' },
    tokenizer: { units: 'characters' },
    training: { steps: 1200, batchSize: 64, learningRate: 6e-3, warmupSteps: 50, evaluateEvery: 300 },
    decoding: { maxLength: 64 },
    metrics: ['exactMatch', 'characterErrorRate'],
  },
  expected: { exactMatch: 0.95 },
  baseline: nearestText,
  exhibits: accuracyByLength(
    {
      unit: 'digits',
      lengthOf: ({ source }) => digitsOf(source),
      areRight: exactTexts,
      longer: ({ longest, longestTested, reversed }, rng) =>
        additionPairs(300, rng, { shortest: longest + 1, longest: longestTested, reversed }),
    },
    {
      unit: 'carries',
      lengthOf: ({ source }, { reversed }) => countCarries(source, reversed === 'all'),
      areRight: exactTexts,
    },
  ),
})
