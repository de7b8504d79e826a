import { sentencePairs } from '@heddle/synthetic'
import { labeledPairs, pairOverlap, recipe, textPairs } from '@heddle/tasks'
import * as z from 'zod'
import { comparingBert, comparingTraining } from './comparing-bert.ts'

const { fields, columns, read } = labeledPairs('bert-pairs')

/**
 * Whether a sentence follows from another, or how similar two are, by a BERT: fine-tuned from a pre-trained one, or from scratch with
 * the same network.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding", section 4.1
 */
export const bertPairs = recipe({
  name: 'bert-pairs',
  summary: 'labels or scores of pairs of texts by a BERT, fine-tuned with --from or from scratch (built-in: inference)',
  task: textPairs,
  data: {
    count: 12_000,
    validation: 500,
    test: 1500,
    fields: {
      builtIn: z
        .enum(['labels', 'scores'])
        .default('labels')
        .describe("built-in pairs: 'labels' of what follows from what, or 'scores' of similarity"),
      ...fields,
    },
    format:
      "a table (TSV, CSV, JSON lines) of two texts and a label or a score, such as columns 'sentence1', 'sentence2' and 'label'",
    builtIn: ({ count, builtIn: targets }, rng) => sentencePairs(count, rng, { targets }),
    columns,
    read,
  },
  defaults: {
    // Each word says in the mean what it found, where the pooler waits for the first token to gather it.
    model: { type: 'classifier', encoder: { ...comparingBert, pooling: 'mean' } },
    tokenizer: { vocabSize: 2000 },
    training: comparingTraining,
  },
  expected: { accuracy: 0.92 },
  baseline: pairOverlap,
})
