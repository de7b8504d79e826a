import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { tones } from '../test-support/tiny-examples.ts'
import { speechToText } from './speech-to-text.ts'

const clips = tones(10)

taskContract('speech-to-text', {
  task: speechToText,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 4, hiddenSize: 4, attention: 'additive' },
    audio: { numMels: 8 },
    training: { batchSize: 4 },
    augmentation: { joined: 0.5 },
    decoding: { maxLength: 4, beamWidth: 2 },
  },
  train: clips.slice(0, 6),
  heldOut: clips.slice(6),
  inputs: clips.slice(6).map(({ source }) => source),
})
