import { useWasm } from '@heddle/kernels'
import { beforeAll, expect, it } from 'vitest'
import { trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns to put news into one line, far better than their first sentence', async () => {
  const { task, evaluation } = await trained({
    type: 'summarize',
    data: { count: 4000, validation: 60, test: 100 },
    model: { embeddingSize: 48, hiddenSize: 80, dropout: 0 },
    training: { steps: 160, batchSize: 48, warmupSteps: 20, evaluateEvery: 160, learningRate: 9e-3 },
  })
  expect(evaluation!.metrics['rougeL']).toBeGreaterThan(0.7)
  expect(evaluation!.baseline!['rougeL']).toBeLessThan(0.5)
  task.dispose()
})
