import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('names', () => {
  it('learns the order of letters that tells peoples apart', async () => {
    const sizes = { names: 5000, hiddenSize: 64, embeddingSize: 32, dropout: 0.1 }
    const schedule = { steps: 900, batchSize: 64, warmupSteps: 20, evaluateEvery: 300, learningRate: 6e-3 }
    const recipe = { type: 'names', ...sizes, ...schedule }
    const { evaluation } = await trainRun({ registry, store: new MemoryStore(), recipe })
    expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.9)
    expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.7)
  })
})
