import { maskedPatches as filling, meanPicture } from '@heddle/bert-pretrain'
import { recipe } from '@heddle/tasks'
import { forManyPictures, labeledPictures } from './picture-data.ts'

/**
 * Self-supervision on pictures: hidden patches are filled in. Labels are not read; `rows` takes the encoder over with `--from`.
 *
 * @see He et al. 2022, "Masked autoencoders are scalable vision learners"
 */
export const maskedPatches = recipe({
  name: 'masked-patches',
  summary: 'pre-train on pictures: fill in hidden patches (built-in: drawn digits)',
  task: filling,
  data: labeledPictures('masked-patches'),
  defaults: {
    model: {
      type: 'patch-filler',
      encoder: { type: 'recurrent', cell: 'gru', hiddenSize: 128, numLayers: 2, bidirectional: true, pooling: 'mean' },
    },
    training: { steps: 750, batchSize: 64, learningRate: 3e-3, warmupSteps: 100, evaluateEvery: 250 },
  },
  expected: { loss: 0.31 },
  forData: forManyPictures,
  baseline: meanPicture,
})
