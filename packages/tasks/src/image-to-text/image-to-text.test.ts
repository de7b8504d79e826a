import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { colorClips, colorPictures } from '../test-support/tiny-examples.ts'
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

const clips = colorClips(12)

taskContract('image-to-text of clips', {
  task: imageToText,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: {
    source: 'clips',
    // By default the Transformer reads convolutional features of the frames.
    model: {
      type: 'transformer-seq2seq',
      encoder: { frame: { blocks: [2, 3], summarySize: 4 } },
      hiddenSize: 4,
      numHeads: 1,
    },
    training: { batchSize: 4 },
    decoding: { maxLength: 4 },
  },
  train: clips.slice(0, 8),
  heldOut: clips.slice(8),
  inputs: clips.slice(8, 11).map(({ source }) => source),
})
