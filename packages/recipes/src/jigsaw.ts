import { nearestMeanPatch, jigsaw as puzzle } from '@heddle/bert-pretrain'
import { recipe } from '@heddle/tasks'
import { forManyPictures, labeledPictures } from './picture-data.ts'

/**
 * Self-supervision on pictures: shuffled patches are put back in order. Labels are not read; `rows` takes the encoder over with
 * `--from`.
 *
 * @see Noroozi & Favaro 2016, "Unsupervised learning of visual representations by solving jigsaw puzzles"
 */
export const jigsaw = recipe({
  name: 'jigsaw',
  summary: 'pre-train on pictures: put shuffled patches back in order (built-in: drawn digits)',
  task: puzzle,
  data: labeledPictures('jigsaw'),
  defaults: {
    model: {
      type: 'jigsaw-solver',
      encoder: { type: 'recurrent', cell: 'gru', hiddenSize: 128, numLayers: 2, bidirectional: true, pooling: 'mean' },
    },
    training: { steps: 750, batchSize: 64, learningRate: 3e-3, warmupSteps: 100, evaluateEvery: 250 },
  },
  expected: { loss: 1.15 },
  forData: forManyPictures,
  baseline: nearestMeanPatch,
})
