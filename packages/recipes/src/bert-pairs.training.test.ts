import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { exportRun, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns more of pairs than their words tell', async () => {
  const { task, evaluation, exhibits } = await trained({
    type: 'bert-pairs',
    data: { count: 3000, validation: 50, test: 300 },
    model: { encoder: { hiddenSize: 32 } },
    training: { steps: 200, learningRate: 3e-3, evaluateEvery: 200 },
  })
  // A third of the pairs has each label.
  expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.45)
  expect(exhibits.map(({ kind }) => kind)).toEqual(['samples', 'confusion', 'mistakes'])
  task.dispose()
})

it('takes a table with scores for a regression, in folders of transformers too', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `a fox runs ${i}\ta fox ${i % 2 === 0 ? 'runs' : 'sleeps'}\t${i % 2 === 0 ? 4.8 : 1.2}`,
  )
  const store = new MemoryStore()
  const { task, evaluation } = await trainRun({
    ...{ registry, store, source: memorySource('sts.tsv', `sentence1\tsentence2\tscore\n${rows.join('\n')}\n`) },
    recipe: {
      type: 'bert-pairs',
      data: { validation: 6, test: 6 },
      model: { encoder: { hiddenSize: 16, pooling: 'pooler' } },
      training: { steps: 4, batchSize: 8, evaluateEvery: 4 },
    },
  })
  expect(Object.keys(evaluation!.metrics)).toEqual(['pearson', 'spearman', 'loss', 'examples'])
  expect(Object.keys(evaluation!.baseline!)).toEqual(['pearson', 'spearman'])
  task.dispose()
  const files = await exportRun({ store, registry })
  const config = JSON.parse(new TextDecoder().decode(files.get('config.json')))
  expect(config).toMatchObject({ problem_type: 'regression', id2label: { 0: 'score' } })
})
