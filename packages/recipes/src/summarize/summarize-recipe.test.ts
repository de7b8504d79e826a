import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { leadSentence } from './summarize-recipe.ts'

it('takes the first sentence as the simplest summary', () => {
  expect(leadSentence('One. Two.')).toBe('One.')
  expect(leadSentence('No full stop')).toBe('No full stop')
  expect(leadSentence('비가 왔다. 추웠다.')).toBe('비가 왔다.')
})

describe('summarize', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('learns to put news into one line, far better than their first sentence', async () => {
    const recipe = {
      type: 'summarize',
      pairs: 6000,
      test: 200,
      validation: 100,
      embeddingSize: 48,
      hiddenSize: 96,
      dropout: 0,
      learningRate: 8e-3,
      steps: 300,
      warmupSteps: 20,
      evaluateEvery: 300,
    }
    const { run, evaluation } = await trainRun({ registry, store: new MemoryStore(), recipe })
    expect(evaluation!.metrics['rougeL']).toBeGreaterThan(0.85)
    expect(evaluation!.baseline!['rougeL']).toBeLessThan(0.5)
    closeRun(run)
  })
})
