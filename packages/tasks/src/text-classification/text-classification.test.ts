import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { letterTexts } from '../test-support/tiny-examples.ts'
import { textClassification } from './text-classification.ts'

const model = { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 4, dropout: 0.2 }

taskContract('text-classification', {
  task: textClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { model, training: { batchSize: 4, tokenDropout: 0.2 } },
  train: letterTexts(12),
  heldOut: letterTexts(20).slice(12),
  inputs: ['aa', 'b', '', 'ab?'],
})
