import { RandomStream } from '@heddle/core'
import { readClassFiles } from '@heddle/data'
import { namesByPeople } from '@heddle/synthetic'
import * as z from 'zod'
import { classificationMetrics } from '../classification/labels.ts'
import {
  TextClassification,
  type TextSubject,
  textClassificationFields,
} from '../classification/text-classification.ts'
import { recipePoint } from '../recipe.ts'

export const namesConfig = z.strictObject({
  names: z.int().min(100).default(10_000).describe('how many names of built-in data are generated'),
  ...textClassificationFields({
    embeddingSize: 64,
    hiddenSize: 128,
    dropout: 0.3,
    tokenDropout: 0.02,
    pooling: 'last',
    heldOut: 0.1,
    batchSize: 128,
    steps: 1500,
    learningRate: 4e-3,
    warmupSteps: 100,
    evaluateEvery: 200,
  }),
})
export type NamesConfig = z.output<typeof namesConfig>

const subject = ({ names }: NamesConfig): TextSubject => ({
  name: 'names',
  metrics: classificationMetrics('names', 0.95),
  dataFormat: 'a folder with a text file for each language, a name in each line; or a TSV file of name and language',
  builtIn: (seed) => namesByPeople(names, new RandomStream(seed)),
  read: (source) => readClassFiles(source, { where: 'names' }),
})

export const namesRecipe = recipePoint.of({
  name: 'names',
  summary: 'the language that a name comes from (built-in: names of invented peoples)',
  config: namesConfig,
  create: (config) => new TextClassification(config, subject(config)),
})
