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
