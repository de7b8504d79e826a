import { readTaggedSentences } from '@heddle/data'
import { taggedSentences } from '@heddle/synthetic'
import { mostFrequentTag, recipe, tokenClassification } from '@heddle/tasks'
import * as z from 'zod'

/** The part of speech of every word. */
export const tagger = recipe({
  name: 'tagger',
  summary: 'the part of speech of every word (built-in: English sentences)',
  task: tokenClassification,
  data: {
    count: 5000,
    fields: {
      tags: z
        .enum(['upos', 'xpos'])
        .default('upos')
        .describe("tags of a CoNLL-U file: the universal ones or the treebank's own"),
      malformed: z
        .enum(['error', 'skip'])
        .default('error')
        .describe("sentences that cannot be read: 'error' stops at the first, 'skip' leaves them out and counts them"),
    },
    format: 'a CoNLL-U file, or several',
    builtIn: ({ count }, rng) => taggedSentences(count, rng),
    read: (source, { tags, malformed }) => readTaggedSentences(source, { tags, malformed }),
  },
  defaults: {
    model: {
      type: 'word-tagger',
      wordSize: 100,
      letterSize: 48,
      spellingSize: 64,
      hiddenSize: 128,
      cell: 'lstm',
      dropout: 0.4,
    },
    training: { steps: 2000, batchSize: 32, learningRate: 4e-3, warmupSteps: 100, evaluateEvery: 200 },
  },
  expected: { accuracy: 0.98 },
  baseline: mostFrequentTag,
})
