import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { taggedWords } from '../test-support/tiny-examples.ts'
import { tokenClassification } from './token-classification.ts'

const parts = {
  task: tokenClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  train: taggedWords(8),
  heldOut: taggedWords(5),
  inputs: [['the', 'fox', 'ran'], ['run'], []],
}

taskContract('token-classification', {
  ...parts,
  settings: {
    model: { type: 'word-tagger', wordSize: 4, letterSize: 3, spellingSize: 3, hiddenSize: 4, dropout: 0.2 },
    training: { batchSize: 4 },
  },
})

taskContract('token-classification without spelling', {
  ...parts,
  settings: { model: { type: 'recurrent-tagger', embeddingSize: 4, hiddenSize: 4 }, training: { batchSize: 4 } },
})
