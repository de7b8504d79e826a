import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { halfPicture, halfPictures } from '../test-support/tiny-examples.ts'
import { imageClassification } from './image-classification.ts'

const model = { type: 'recurrent-classifier', hiddenSize: 4 }

taskContract('image-classification', {
  task: imageClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { model, training: { batchSize: 4, shift: 1 } },
  train: halfPictures(12),
  heldOut: halfPictures(18).slice(12),
  inputs: [halfPicture('left', 180), halfPicture('right', 120)],
})
