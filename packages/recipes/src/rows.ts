import { readIdxPictures } from '@heddle/data'
import { drawnDigits } from '@heddle/synthetic'
import { imageClassification, nearestMean, recipe } from '@heddle/tasks'
import * as z from 'zod'

/** Many to one: a picture is read row by row, and then classified. */
export const rows = recipe({
  name: 'rows',
  summary: 'what a picture shows, read row by row (built-in: drawn digits)',
  task: imageClassification,
  data: {
    count: 6000,
    validation: 5000,
    test: 5000,
    fields: { size: z.int().min(8).default(20).describe('width and height in pixels of built-in pictures') },
    format: 'two IDX files, pictures and labels, or a folder that holds them; also packed by gzip',
    builtIn: ({ count, size }, rng) =>
      drawnDigits(count, rng, { size }).map(({ label, ...picture }) => ({ ...picture, labels: [label] })),
    read: (source) => readIdxPictures(source, { where: 'rows' }),
  },
  defaults: {
    model: {
      type: 'recurrent-classifier',
      hiddenSize: 128,
      numLayers: 2,
      cell: 'gru',
      bidirectional: true,
      pooling: 'last',
      dropout: 0.1,
    },
    training: { steps: 2500, batchSize: 128, learningRate: 3e-3, warmupSteps: 100, evaluateEvery: 500 },
  },
  expected: { accuracy: 0.97 },
  baseline: nearestMean,
})
