import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { evaluationExamples, openRun } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('finds names that it has not seen, with their places, and reads other files', async () => {
  const { store, task, evaluation } = await trained({
    type: 'bert-tag',
    data: { count: 1500, validation: 100, test: 300 },
    model: { encoder: { numLayers: 1, hiddenSize: 64, numHeads: 2 } },
    training: { steps: 200, batchSize: 16, learningRate: 2e-3, evaluateEvery: 200 },
  })
  expect(evaluation!.metrics['spanF1']).toBeGreaterThan(0.45)
  expect(evaluation!.baseline!['spanF1']).toBeLessThan(0.35)
  task.dispose()

  const run = await openRun({ store, registry })
  const text = 'Lena Kelinford was born in Norwick in June.'
  const [entities] = await run.task.predict([text])
  expect(entities).toContainEqual(expect.objectContaining({ label: 'PER', start: 0 }))
  for (const { text: found, start, end } of entities) expect(text.slice(start, end)).toBe(found)
  const other = memorySource('dev.txt', 'Lena\tB-PER\nwas\tO\nborn\tO\n\nBerlin\tB-CITY\nis\tO\n')
  const { examples } = await evaluationExamples(run, registry, other)
  const metrics = await run.task.evaluate(examples)
  expect(metrics).toMatchObject({ unknownLabels: 1 })
  expect(metrics['spanRecall']).toBeLessThan(0.6)
  run.task.dispose()
})
