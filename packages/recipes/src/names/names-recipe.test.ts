import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { generateNames } from './peoples.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('generateNames', () => {
  it('gives different names of all peoples, the same for the same seed', () => {
    const names = generateNames({ count: 3000, seed: 2 })
    expect(new Set(names.map(({ text }) => text)).size).toBe(3000)
    expect(new Set(names.map(({ label }) => label)).size).toBe(8)
    expect(generateNames({ count: 3000, seed: 2 })).toEqual(names)
  })
})

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
