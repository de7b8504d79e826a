import { useWasm } from '@heddle/kernels'
import { beforeAll, expect, it } from 'vitest'
import { trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns to put news into one line, far better than their first sentence', async () => {
  const { task, evaluation } = await trained({
    type: 'summarize',
    data: { count: 3000, validation: 20, test: 100 },
    model: { embeddingSize: 48, hiddenSize: 80, dropout: 0 },
    training: { steps: 170, batchSize: 32, warmupSteps: 15, evaluateEvery: 170, learningRate: 1.2e-2 },
  })
  expect(evaluation!.metrics['rougeL']).toBeGreaterThan(0.6)
  expect(evaluation!.baseline!['rougeL']).toBeLessThan(0.45)
  task.dispose()
})
