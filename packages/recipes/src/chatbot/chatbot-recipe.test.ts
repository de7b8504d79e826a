import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'

describe('chatbot', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('learns to reply to lines that it has not seen, and does so from its saved run', async () => {
    const store = new MemoryStore()
    const recipe = {
      type: 'chatbot',
      pairs: 6000,
      test: 300,
      validation: 100,
      embeddingSize: 64,
      hiddenSize: 96,
      dropout: 0,
      learningRate: 8e-3,
      steps: 300,
      warmupSteps: 20,
      evaluateEvery: 300,
    }
    const { run, evaluation, exhibits } = await trainRun({ registry, store, recipe })
    expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.85)
    expect(evaluation!.baseline!['exactMatch']).toBeLessThan(0.1)
    expect(exhibits.map(({ kind }) => kind)).toContain('attention')
    closeRun(run)
    const opened = await openRun({ store, registry })
    const translate = registry.create(usePoint, { type: 'translate', beamWidth: 4 }, { run: opened, name: 'run' })
    const { outputs } = await translate(['Hello. My name is Mina.'])
    expect(outputs[0]).toMatch(/^Hello! .*Mina/)
    closeRun(opened)
  })
})
