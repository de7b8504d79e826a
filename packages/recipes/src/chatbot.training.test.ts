import { useWasm } from '@heddle/kernels'
import { openTask, usePoint } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns to reply to lines that it has not seen, and does so from its saved run', async () => {
  const { store, task, evaluation } = await trained({
    type: 'chatbot',
    data: { count: 4000, validation: 20, test: 100 },
    model: { embeddingSize: 64, hiddenSize: 80, dropout: 0 },
    training: { steps: 220, warmupSteps: 15, evaluateEvery: 220, learningRate: 1.2e-2 },
  })
  expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.25)
  expect(evaluation!.baseline!['exactMatch']).toBeLessThan(0.1)
  task.dispose()
  const opened = await openTask(store, registry)
  const translate = registry.create(usePoint, { type: 'translate', beamWidth: 4 }, { task: opened, name: 'run' })
  expect((await translate(['Hello. My name is Mina.'])).outputs[0]).toMatch(/^Hello! .*Mina/)
  opened.dispose()
})
