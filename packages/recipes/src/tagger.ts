import { readTaggedSentences } from '@heddle/data'
import { taggedSentences } from '@heddle/synthetic'
import { mostFrequentTag, recipe, tokenClassification } from '@heddle/tasks'
import { forSpans, stepsFor } from './tagged-data.ts'
import { taggedFields } from './tagged-fields.ts'

/** The part of speech of every word. */
export const tagger = recipe({
  name: 'tagger',
  summary: 'the part of speech of every word (built-in: English sentences)',
  task: tokenClassification,
  data: {
    count: 5000,
    fields: taggedFields,
    format: 'CoNLL-U files, or words and tags in columns, such as named entities in IOB2 or IOBES',
    builtIn: ({ count }, rng) => taggedSentences(count, rng),
    read: (source, { tags, column, scheme, malformed }) =>
      readTaggedSentences(source, { tags, column, scheme, malformed }),
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
  forData: (given) => ({
    attributes: true,
    training: { steps: stepsFor(given, { epochs: 12, leastSteps: 2000 }) },
    ...forSpans(given, { model: { scoring: 'crf' } }),
  }),
  baseline: mostFrequentTag,
})
