import { parseTsv } from '@heddle/data'
import { z } from 'zod'
import { classificationMetrics } from '../classification/labels.ts'
import {
  type LabelledText,
  TextClassification,
  type TextSubject,
  textClassificationFields,
} from '../classification/text-classification.ts'
import { type DataSource, onlyFile } from '../data-source.ts'
import { type ReadExamples, recipePoint } from '../recipe.ts'
import { generateReviews } from './reviews.ts'

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

/** What the numbers of the corpus stand for. */
const NAMES: Readonly<Record<string, string>> = { '0': 'negative', '1': 'positive' }

/**
 * Rows with an empty text are left out.
 *
 * @see https://github.com/e9t/nsmc for the format: `id`, `document` and `label`, separated by tabs
 */
export async function readReviews(source: DataSource): Promise<ReadExamples<LabelledText>> {
  const file = onlyFile(source, 'sentiment')
  const { rows, skipped } = parseTsv(await file.bytes(), {
    file: file.name,
    header: true,
    columns: ['document', 'label'],
    nonEmpty: ['document', 'label'],
    onMalformed: 'skip',
  })
  const examples = rows.map(({ document, label }) => ({ text: document, label: NAMES[label] ?? label }))
  const notes = skipped.length > 0 ? [`${skipped.length} rows left out; the first: ${skipped[0]!.message}`] : []
  return { examples, notes }
}

const subject = ({ reviews }: SentimentConfig): TextSubject => ({
  name: 'sentiment',
  metrics: classificationMetrics('reviews', 0.97),
  dataFormat: "a TSV file with a header that has the columns 'document' and 'label' (0 negative, 1 positive)",
  builtIn: (seed) => generateReviews({ count: reviews, seed }),
  read: readReviews,
})

export const sentimentRecipe = recipePoint.of({
  name: 'sentiment',
  summary: 'whether a review is positive or negative (built-in: short Korean film reviews)',
  config: sentimentConfig,
  create: (config) => new TextClassification(config, subject(config)),
})
