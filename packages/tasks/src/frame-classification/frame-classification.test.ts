import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { brightClips } from '../test-support/tiny-examples.ts'
import { frameClassification } from './frame-classification.ts'

taskContract('frame-classification', {
  task: frameClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { model: { type: 'recurrent-tagger', hiddenSize: 4 }, training: { batchSize: 4 } },
  train: brightClips(12),
  heldOut: brightClips(18).slice(12),
  inputs: brightClips(3),
})

const clips = (count: number) => brightClips(count).map(({ labels, ...clip }) => ({ ...clip, labels: [labels[0]!] }))

taskContract('frame-classification with a label for each clip', {
  task: frameClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: {
    labels: 'clips',
    model: {
      type: 'classifier',
      encoder: {
        type: 'frames',
        frame: { blocks: [2], summarySize: 3 },
        encoder: { type: 'recurrent', hiddenSize: 4 },
      },
    },
    training: { batchSize: 4 },
  },
  train: clips(12),
  heldOut: clips(18).slice(12),
  inputs: clips(3),
})
