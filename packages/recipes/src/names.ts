import { readClassFiles } from '@heddle/data'
import { namesByPeople } from '@heddle/synthetic'
import { labeledTexts, naiveBayes, recipe, textClassification } from '@heddle/tasks'

/** The language that a name comes from. */
export const names = recipe({
  name: 'names',
  summary: 'the language that a name comes from (built-in: names of invented peoples)',
  task: textClassification,
  data: {
    count: 10_000,
    format:
      'a folder with a text file for each language, a name in each line; or a table (TSV, CSV, JSON lines) of names and languages',
    builtIn: ({ count }, rng) => namesByPeople(count, rng),
    ...labeledTexts('names', {}, readClassFiles),
  },
  defaults: {
    model: {
      type: 'recurrent-classifier',
      embeddingSize: 64,
      hiddenSize: 128,
      bidirectional: true,
      pooling: 'last',
      dropout: 0.3,
    },
    training: { steps: 1500, batchSize: 128, learningRate: 4e-3, warmupSteps: 100, evaluateEvery: 200 },
  },
  expected: { accuracy: 0.95 },
  baseline: naiveBayes,
})
