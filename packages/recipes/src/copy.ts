import { copyPairs } from '@heddle/synthetic'
import { accuracyByLength, exactTexts, nearestText, recipe, textPairs, textToText } from '@heddle/tasks'
import * as z from 'zod'

const { fields, read } = textPairs('copy', { source: ['source'], target: ['target'] })

/**
 * Probe of memory: a sequence of letters is written down again, also longer ones than training had.
 *
 * @see Graves, Wayne & Danihelka 2014, "Neural Turing machines", section 4.1
 */
export const copy = recipe({
  name: 'copy',
  summary: 'probe: writes a sequence of letters again, also longer ones than in training',
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
    builtIn: ({ count, longest }, rng) => copyPairs(count, rng, { longest }),
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
    longer: ({ longest, longestTested }, rng) => copyPairs(500, rng, { shortest: longest + 1, longest: longestTested }),
  }),
})
