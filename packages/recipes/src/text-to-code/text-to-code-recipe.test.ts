import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'

describe('text-to-code', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('learns to write lines for descriptions that it has not seen', async () => {
    const recipe = {
      type: 'text-to-code',
      pairs: 8000,
      test: 200,
      validation: 100,
      embeddingSize: 48,
      hiddenSize: 112,
      dropout: 0,
      learningRate: 8e-3,
      steps: 350,
      warmupSteps: 20,
      evaluateEvery: 350,
    }
    const { run, evaluation } = await trainRun({ registry, store: new MemoryStore(), recipe })
    expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.6)
    expect(evaluation!.metrics['chrf']).toBeGreaterThan(85)
    expect(evaluation!.baseline!['exactMatch']).toBeLessThan(0.3)
    closeRun(run)
  })
})
