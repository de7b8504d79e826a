import { useWasm } from '@heddle/kernels'
import { openTask, usePoint } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('translates sentences that it has not seen, far better than the nearest known ones', async () => {
  const { store, task, evaluation, exhibits } = await trained({
    type: 'translate',
    data: { count: 10_000, validation: 20, test: 100 },
    model: { embeddingSize: 64, hiddenSize: 96 },
    training: { steps: 330, batchSize: 64, warmupSteps: 15, evaluateEvery: 330, learningRate: 1e-2 },
  })
  const { metrics, baseline } = evaluation!
  expect(metrics['chrf']).toBeGreaterThan(baseline!['chrf']! + 5)
  expect(metrics['bleu']).toBeGreaterThan(baseline!['bleu']! + 8)
  expect(metrics['exactMatch']).toBeGreaterThan(baseline!['exactMatch']!)
  expect(exhibits.map(({ kind }) => kind)).toEqual(['samples', ...new Array<string>(6).fill('attention')])
  task.dispose()

  const opened = await openTask(store, registry)
  const translate = registry.create(usePoint, { type: 'translate', beamWidth: 3 }, { task: opened, name: 'run' })
  expect((await translate(['The dog ate an apple.'])).outputs[0]).toMatch(/^(그 )?개.*다\.$/)
  opened.dispose()
})
