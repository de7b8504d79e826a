import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { expect, it } from 'vitest'
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

it('judges tags of spans by whole spans, and tags validly on demand', async () => {
  const train = [
    { words: ['Anna', 'Berg', 'ran'], tags: ['B-PER', 'I-PER', 'O'] },
    { words: ['the', 'fox', 'saw', 'Anna'], tags: ['O', 'O', 'O', 'B-PER'] },
  ]
  const model = { type: 'recurrent-tagger', embeddingSize: 4, hiddenSize: 4 }
  const task = tokenClassification.create(
    { model, constrained: true, training: { batchSize: 2, wordDropout: 0 } },
    { registry, rng: new RandomStream(3) },
  )
  const { best } = await task.fit(train, { validation: train, steps: 2 })
  expect(task.pipeline.metrics[0]).toMatchObject({ name: 'spanF1' })
  expect(best!.value).toBe(best!.metrics['spanF1'])
  expect(best!.metrics).toHaveProperty('strictSpanF1')
  // Valid sequences have the same spans in both modes.
  const metrics = await task.evaluate(train)
  expect(metrics['spanF1']).toBe(metrics['strictSpanF1'])
  task.dispose()
})
