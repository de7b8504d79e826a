import { koreanReviews } from '@heddle/synthetic'
import { labeledTexts, naiveBayes, recipe, textClassification } from '@heddle/tasks'
import { settingsForTexts } from './given-texts.ts'

/**
 * Whether a review is positive or negative.
 *
 * @see https://github.com/e9t/nsmc for the format of given data: `id`, `document` and `label`, separated by tabs
 */
export const sentiment = recipe({
  name: 'sentiment',
  summary: 'whether a review is positive or negative (built-in: short Korean film reviews)',
  task: textClassification,
  data: {
    count: 8000,
    validation: 5000,
    test: 5000,
    format:
      "a table (TSV, CSV, JSON lines) of texts and labels, such as columns 'document' and 'label' (0 negative, 1 positive); or folders of text files, one folder for each label",
    builtIn: ({ count }, rng) => koreanReviews(count, rng),
    ...labeledTexts('sentiment', { '0': 'negative', '1': 'positive' }),
  },
  defaults: {
    model: {
      type: 'recurrent-classifier',
      embeddingSize: 96,
      hiddenSize: 128,
      bidirectional: true,
      pooling: 'max',
      dropout: 0.3,
    },
    training: { steps: 4000, batchSize: 64, learningRate: 3e-3, warmupSteps: 100, evaluateEvery: 500 },
  },
  expected: { accuracy: 0.97 },
  forData: settingsForTexts,
  baseline: naiveBayes,
})
