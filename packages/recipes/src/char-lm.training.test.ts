import { useWasm } from '@heddle/kernels'
import { beforeAll, describe, expect, it } from 'vitest'
import { trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('char-lm', () => {
  it('learns the words of the tales', async () => {
    const { task, evaluation } = await trained({
      type: 'char-lm',
      data: { count: 40_000 },
      model: { hiddenSize: 64, embeddingSize: 24, numLayers: 1, dropout: 0 },
      sampleLength: 60,
      training: {
        steps: 250,
        batchSize: 16,
        windowLength: 48,
        warmupSteps: 10,
        evaluateEvery: 250,
        learningRate: 0.015,
      },
    })
    // An untrained model knows nothing of some 50 characters: ln 50 is 3.9.
    expect(evaluation!.metrics['loss']).toBeLessThan(1.2)
    task.dispose()
  })

  it('counts n-grams with the model of ngram-lm', async () => {
    const { task, evaluation, result } = await trained({ type: 'char-lm', data: { count: 40_000 }, model: 'ngram-lm' })
    expect(result.reason).toBe('finished')
    expect(task.modelSpec).toMatchObject({ type: 'ngram-lm', order: 7 })
    // About as good as the baseline, the n-gram model of the best order.
    expect(evaluation!.metrics['loss']).toBeLessThan(1.4 * evaluation!.baseline!['loss']!)
    task.dispose()
  })
})
