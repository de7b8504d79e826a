import { useWasm } from '@heddle/kernels'
import { beforeAll, expect, it } from 'vitest'
import { trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns the order of letters that tells peoples apart', async () => {
  const { task, evaluation } = await trained({
    type: 'names',
    data: { count: 3000 },
    model: { hiddenSize: 48, embeddingSize: 24, dropout: 0.1 },
    training: { steps: 450, batchSize: 48, warmupSteps: 20, evaluateEvery: 450, learningRate: 8e-3 },
  })
  expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.85)
  expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.7)
  task.dispose()
})
