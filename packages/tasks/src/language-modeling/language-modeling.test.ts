import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { languageModeling } from './language-modeling.ts'

const text = 'the loom and the thread. '.repeat(12)

for (const windows of ['stream', 'random'] as const) {
  taskContract(`language-modeling in windows (${windows})`, {
    task: languageModeling,
    registry,
    useBackend: () => useWasm({ threads: 1 }),
    settings: {
      model: { type: 'recurrent-lm', embeddingSize: 4, hiddenSize: 4, numLayers: 2 },
      sampleLength: 5,
      training: { batchSize: 4, windowLength: 6, windows },
    },
    train: [text],
    heldOut: ['the thread and the loom. '],
    inputs: ['the ', '', 'loom?'],
  })
}

taskContract('language-modeling by counting', {
  task: languageModeling,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { model: { type: 'ngram-lm', order: 3 }, sampleLength: 5 },
  train: [text],
  heldOut: ['the thread and the loom. '],
  inputs: ['the ', '', 'loom?'],
})
