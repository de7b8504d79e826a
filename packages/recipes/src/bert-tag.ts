import { subwordTagging } from '@heddle/bert-pretrain'
import { readTaggedSentences } from '@heddle/data'
import { namedEntities } from '@heddle/synthetic'
import { mostFrequentTag, recipe } from '@heddle/tasks'
import { forSpans, stepsFor } from './tagged-data.ts'
import { taggedFields } from './tagged-fields.ts'

/**
 * Named entities or other labels of words by a BERT: fine-tuned from a pre-trained one, or from scratch with the same network.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding", section 5.3
 */
export const bertTag = recipe({
  name: 'bert-tag',
  summary:
    'names in texts, or labels of words, by a BERT, fine-tuned with --from or from scratch (built-in: English and Korean)',
  task: subwordTagging,
  data: {
    count: 6000,
    validation: 500,
    test: 1500,
    fields: taggedFields,
    format: 'words and tags in columns, such as named entities in IOB2 or IOBES, or CoNLL-U files',
    builtIn: ({ count }, rng) => namedEntities(count, rng),
    read: (source, { tags, column, scheme, malformed }) =>
      readTaggedSentences(source, { where: 'bert-tag', tags, column, scheme, malformed }),
  },
  defaults: {
    model: {
      type: 'tagger',
      encoder: { type: 'bert', numLayers: 2, hiddenSize: 128, numHeads: 2, pooling: 'first' },
      dropout: 0.1,
    },
    tokenizer: { vocabSize: 2000 },
    training: {
      steps: 800,
      batchSize: 32,
      learningRate: 1e-3,
      schedule: { type: 'warmup-stable-decay', warmup: 0.1, decay: 0.9, shape: 'linear' },
      evaluateEvery: 200,
    },
  },
  expected: { spanF1: 0.98 },
  forData: (given) => ({
    training: { steps: stepsFor(given, { epochs: 5, leastSteps: 800 }) },
    ...forSpans(given),
  }),
  baseline: mostFrequentTag,
})
