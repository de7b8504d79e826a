import { useWasm } from '@heddle/kernels'
import { beforeAll, expect, it } from 'vitest'
import { trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns to write lines for descriptions that it has not seen', async () => {
  const { task, evaluation } = await trained({
    type: 'text-to-code',
    data: { count: 5000, validation: 60, test: 100 },
    model: { embeddingSize: 48, hiddenSize: 96, dropout: 0 },
    training: { steps: 220, batchSize: 48, warmupSteps: 20, evaluateEvery: 220, learningRate: 9e-3 },
  })
  expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.4)
  expect(evaluation!.metrics['chrf']).toBeGreaterThan(75)
  expect(evaluation!.baseline!['exactMatch']).toBeLessThan(0.3)
  task.dispose()
})
