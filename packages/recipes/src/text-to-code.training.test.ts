import { useWasm } from '@heddle/kernels'
import { beforeAll, expect, it } from 'vitest'
import { trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns to write lines for descriptions that it has not seen', async () => {
  const { task, evaluation } = await trained({
    type: 'text-to-code',
    data: { count: 5000, validation: 20, test: 100 },
    model: { embeddingSize: 48, hiddenSize: 96, dropout: 0 },
    training: { steps: 260, batchSize: 48, warmupSteps: 15, evaluateEvery: 260, learningRate: 1.1e-2 },
  })
  const { metrics, baseline } = evaluation!
  expect(metrics['exactMatch']).toBeGreaterThan(2 * baseline!['exactMatch']!)
  expect(metrics['chrf']).toBeGreaterThan(baseline!['chrf']! + 8)
  task.dispose()
})
