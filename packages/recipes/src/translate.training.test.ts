import { useWasm } from '@heddle/kernels'
import { openTask, usePoint } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('translates sentences that it has not seen, far better than the nearest known ones', async () => {
  const { store, task, evaluation, exhibits } = await trained({
    type: 'translate',
    data: { count: 6000, validation: 60, test: 150 },
    model: { embeddingSize: 64, hiddenSize: 96 },
    training: { steps: 260, batchSize: 64, warmupSteps: 20, evaluateEvery: 260, learningRate: 9e-3 },
  })
  const { metrics, baseline } = evaluation!
  expect(metrics['exactMatch']).toBeGreaterThan(0.2)
  expect(baseline!['exactMatch']).toBeLessThan(0.05)
  expect(metrics['chrf']).toBeGreaterThan(baseline!['chrf']! + 20)
  expect(metrics['bleu']).toBeGreaterThan(baseline!['bleu']! + 25)
  expect(exhibits.map(({ kind }) => kind)).toEqual(['samples', ...new Array<string>(6).fill('attention')])
  task.dispose()

  const opened = await openTask(store, registry)
  const translate = registry.create(usePoint, { type: 'translate', beamWidth: 3 }, { task: opened, name: 'run' })
  expect((await translate(['The dog ate an apple.'])).outputs[0]).toMatch(/먹었다\.$/)
  opened.dispose()
})
