import { useWasm } from '@heddle/kernels'
import { beforeAll, describe, expect, it } from 'vitest'
import { trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('char-lm', () => {
  it('learns to write words of the tales', async () => {
    const { task, dataset, evaluation } = await trained({
      type: 'char-lm',
      data: { count: 40_000 },
      model: { hiddenSize: 64, embeddingSize: 24, numLayers: 1, dropout: 0 },
      sampleLength: 120,
      training: {
        steps: 200,
        batchSize: 16,
        windowLength: 48,
        warmupSteps: 10,
        evaluateEvery: 200,
        learningRate: 0.012,
      },
    })
    // An untrained model knows nothing of some 50 characters: ln 50 is 3.9.
    expect(evaluation!.metrics['loss']).toBeLessThan(1.3)
    const known = new Set((dataset.train as string[]).join(' ').split(/\s+/))
    const [text] = await task.predict(['One day '])
    const words = (text as string).split(/\s+/).slice(2, -1)
    expect(words.filter((word) => known.has(word)).length / words.length).toBeGreaterThan(0.5)
    task.dispose()
  })

  it('counts n-grams with the model of ngram-lm', async () => {
    const { task, evaluation, result } = await trained({ type: 'char-lm', data: { count: 40_000 }, model: 'ngram-lm' })
    expect(result.reason).toBe('finished')
    expect(task.modelSpec).toMatchObject({ type: 'ngram-lm', order: 7 })
    // About as good as the baseline, the n-gram model of the best order.
    expect(evaluation!.metrics['loss']).toBeLessThan(1.3 * evaluation!.baseline!['loss']!)
    task.dispose()
  })
})
