import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { colorPairs } from '../test-support/tiny-examples.ts'
import { textToText } from './text-to-text.ts'

const settings = {
  model: { type: 'recurrent-seq2seq', embeddingSize: 4, hiddenSize: 4, attention: 'additive', dropout: 0.2 },
  tokenizer: { units: 'words' as const },
  training: { batchSize: 4, scheduledSampling: 0.3 },
  decoding: { maxLength: 4 },
}

taskContract('text-to-text', {
  task: textToText,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings,
  train: colorPairs(12),
  heldOut: colorPairs(18).slice(12),
  inputs: ['so red 1', 'blue', ''],
})
