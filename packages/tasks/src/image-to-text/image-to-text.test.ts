import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { colorPictures } from '../test-support/tiny-examples.ts'
import { imageToText } from './image-to-text.ts'

const pictures = colorPictures(12)

taskContract('image-to-text', {
  task: imageToText,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: {
    model: {
      type: 'recurrent-seq2seq',
      encoder: { type: 'convolutional', blocks: [3, 4], summarySize: 4 },
      bridge: 'linear',
      embeddingSize: 4,
      hiddenSize: 4,
      attention: 'additive',
    },
    training: { batchSize: 4 },
    decoding: { maxLength: 4 },
  },
  train: pictures.slice(0, 8),
  heldOut: pictures.slice(8),
  inputs: pictures.slice(8, 11).map(({ source }) => source),
})
