import { imageClassification, nearestMean, recipe } from '@heddle/tasks'
import { labeledPictures } from './picture-data.ts'

/**
 * Many to one: a picture is read row by row, and then classified. With `--from` a run of `masked-patches` or `jigsaw` it puts a new
 * head on the encoder, and also trains the same network from scratch, to tell what pre-training is worth.
 */
export const rows = recipe({
  name: 'rows',
  summary: 'classification of pictures that are read row by row (built-in: drawn digits)',
  task: imageClassification,
  data: labeledPictures('rows'),
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
  againstScratch: true,
})
