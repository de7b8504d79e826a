import { sortPairs } from '@heddle/synthetic'
import { accuracyByLength, exactTexts, nearestText, recipe, textPairs, textToText } from '@heddle/tasks'
import * as z from 'zod'

const { fields, read } = textPairs('sort', { source: ['source'], target: ['target'] })

/**
 * Probe of comparing: the letters of a sequence are written in the order of the alphabet, also of longer ones than training had.
 *
 * @see Vinyals, Bengio & Kudlur 2016, "Order matters: sequence to sequence for sets"
 */
export const sort = recipe({
  name: 'sort',
  summary: 'probe: writes the letters of a sequence in order, also of longer ones than in training',
  task: textToText,
  data: {
    count: 10_000,
    validation: 300,
    test: 500,
    fields: {
      ...fields,
      longest: z.int().min(1).default(10).describe('letters of the longest built-in sequence in training'),
      longestTested: z
        .int()
        .min(1)
        .default(20)
        .describe('letters of the longest built-in sequence that is tested; outputs end at decoding.maxLength'),
    },
    format: 'a TSV file: source, target; or JSON lines or CSV with fields of these names',
    builtIn: ({ count, longest }, rng) => sortPairs(count, rng, { longest }),
    read,
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 32, hiddenSize: 96, attention: 'additive' },
    tokenizer: { units: 'characters' },
    training: { steps: 600, batchSize: 64, learningRate: 6e-3, warmupSteps: 50, evaluateEvery: 200 },
    decoding: { maxLength: 64 },
    metrics: ['exactMatch', 'characterErrorRate'],
  },
  expected: { exactMatch: 0.98 },
  baseline: nearestText,
  exhibits: accuracyByLength({
    unit: 'letters',
    lengthOf: ({ source }) => source.length,
    areRight: exactTexts,
    longer: ({ longest, longestTested }, rng) => sortPairs(500, rng, { shortest: longest + 1, longest: longestTested }),
  }),
})
