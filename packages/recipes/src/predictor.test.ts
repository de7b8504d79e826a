import { memorySource } from '@heddle/data'
import { useCpu } from '@heddle/testing'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { openRun } from './run.ts'
import { registry } from './test-support/tiny.ts'
import { trainRun } from './train-run.ts'
import { usePoint } from './use.ts'

beforeAll(useCpu)

async function trained(recipe: { type: string }, text: string) {
  const store = new MemoryStore()
  await trainRun({ registry, store, recipe, source: memorySource('data', text) })
  return openRun({ store, registry })
}

describe('predict', () => {
  it('answers each input, for people and as data', async () => {
    const text = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? `aa${i}\tA` : `bb${i}\tB`)).join('\n')
    const sizes = { hiddenSize: 4, embeddingSize: 4, dropout: 0, tokenDropout: 0, batchSize: 8 }
    const schedule = { steps: 30, warmupSteps: 1, evaluateEvery: 30, learningRate: 0.1 }
    const run = await trained({ type: 'names', ...sizes, ...schedule } as { type: string }, text)
    const predict = registry.create(usePoint, { type: 'predict' }, { run, name: 'runs/a' })
    const { outputs, json } = await predict(['aa', 'bb'])
    expect(outputs.map((output) => output.replace(/\d+/, 'n'))).toEqual(['A (n %)', 'B (n %)'])
    expect(json).toMatchObject([
      { input: 'aa', prediction: { label: 'A' } },
      { input: 'bb', prediction: { label: 'B' } },
    ])
  })

  it('says what else a run can do', async () => {
    const run = await trained({ type: 'ngram-lm' }, 'a text to be counted. '.repeat(20))
    expect(() => registry.create(usePoint, { type: 'predict' }, { run, name: 'runs/b' })).toThrow(
      "predict: expected a run that can predict, got runs/b, a run of 'ngram-lm'. Use 'heddle generate'.",
    )
  })
})
