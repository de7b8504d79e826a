import { useWasm } from '@heddle/kernels'
import { openTask } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('learns more than the frequencies of characters tell, and labels new texts', async () => {
  const { store, task, evaluation } = await trained({
    type: 'sentiment',
    data: { count: 2000, validation: 50, test: 160 },
    model: { hiddenSize: 32, embeddingSize: 32, dropout: 0.1 },
    training: { steps: 300, batchSize: 32, warmupSteps: 15, evaluateEvery: 300, learningRate: 1.2e-2 },
  })
  expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.93)
  expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.8)
  task.dispose()

  const opened = await openTask(store, registry)
  const texts = ['음악이 지루했지만 결말이 정말 훌륭했다.', '음악이 훌륭했지만 결말이 정말 지루했다.', '']
  const [good, bad, empty] = await opened.predict(texts)
  expect(opened.pipeline.format(good)).toMatch(/^positive \(\d+ %\)$/)
  expect(bad.label).toBe('negative')
  expect(Object.keys(empty.scores)).toEqual(['negative', 'positive'])
  opened.dispose()
})
