import { RandomStream } from '@heddle/core'
import { readLabelledTexts } from '@heddle/data'
import { koreanReviews } from '@heddle/synthetic'
import * as z from 'zod'
import { classificationMetrics } from '../classification/labels.ts'
import {
  TextClassification,
  type TextSubject,
  textClassificationFields,
} from '../classification/text-classification.ts'
import { recipePoint } from '../recipe.ts'

export const sentimentConfig = z.strictObject({
  reviews: z.int().min(100).default(8000).describe('how many reviews of built-in data are generated'),
  ...textClassificationFields({
    embeddingSize: 96,
    hiddenSize: 128,
    dropout: 0.3,
    tokenDropout: 0.02,
    pooling: 'max',
    heldOut: 5000,
    batchSize: 64,
    steps: 4000,
    learningRate: 3e-3,
    warmupSteps: 100,
    evaluateEvery: 500,
  }),
})
export type SentimentConfig = z.output<typeof sentimentConfig>

/** Names of the corpus' labels. */
const LABEL_NAMES = { '0': 'negative', '1': 'positive' }

const subject = ({ reviews }: SentimentConfig): TextSubject => ({
  name: 'sentiment',
  metrics: classificationMetrics('reviews', 0.97),
  dataFormat: "a TSV file with a header that has the columns 'document' and 'label' (0 negative, 1 positive)",
  builtIn: (seed) => koreanReviews(reviews, new RandomStream(seed)),
  read: (source) =>
    readLabelledTexts(source, { where: 'sentiment', text: 'document', label: 'label', labelNames: LABEL_NAMES }),
})

export const sentimentRecipe = recipePoint.of({
  name: 'sentiment',
  summary: 'whether a review is positive or negative (built-in: short Korean film reviews)',
  config: sentimentConfig,
  create: (config) => new TextClassification(config, subject(config)),
})
