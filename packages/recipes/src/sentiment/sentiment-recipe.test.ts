import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('sentiment', () => {
  it('learns what a bag of words cannot know, and tells it of new texts', async () => {
    const store = new MemoryStore()
    const sizes = { reviews: 3000, hiddenSize: 40, embeddingSize: 32, dropout: 0.1, validation: 200, test: 400 }
    const schedule = { steps: 300, batchSize: 32, warmupSteps: 20, evaluateEvery: 300, learningRate: 1e-2 }
    const { evaluation } = await trainRun({ registry, store, recipe: { type: 'sentiment', ...sizes, ...schedule } })
    expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.97)
    expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.75)

    const run = await openRun({ store, registry })
    const texts = ['음악이 지루했지만 결말이 정말 훌륭했다.', '음악이 훌륭했지만 결말이 정말 지루했다.', '']
    const [good, bad, empty] = await run.pipeline.abilities.predictor!.predict(texts)
    expect(good!.text).toMatch(/^positive \(\d+ %\)$/)
    expect(bad!.json).toMatchObject({ label: 'negative' })
    expect(empty!.json).toHaveProperty('probabilities.positive')
    closeRun(run)
  })
})
