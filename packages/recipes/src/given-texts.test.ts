import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { openStartingPoint, recipeNamed, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

const suited = (train: readonly { text: string; label: string }[], settings: object = {}) =>
  recipeNamed(registry, 'sentiment').forData!({
    train,
    numTraining: train.length,
    settings: settings as Record<string, unknown>,
  }) as {
    readonly model: object
    readonly tokenizer?: object
    readonly maxLength?: number
    readonly training: { readonly steps: number; readonly batchSize?: number; readonly evaluateEvery: number }
  }

const texts = (count: number, text = 'a short text') => Array.from({ length: count }, () => ({ text, label: 'x' }))

describe('sentiment on given texts', () => {
  it('takes steps for their number, between limits, and eight validations', () => {
    const steps = [10, 300, 5000, 30_000, 140_000, 1_000_000].map((count) => suited(texts(count)).training)
    expect(steps.map(({ steps }) => steps)).toEqual([200, 200, 800, 2000, 4400, 5000])
    for (const { steps: all, evaluateEvery } of steps) expect(Math.floor(all / evaluateEvery)).toBe(8)
    const given = suited(texts(300), { training: { steps: 80 } }).training
    expect(given).toMatchObject({ steps: 80, warmupSteps: 8, evaluateEvery: 10 })
  })

  it('reads letters and their n-grams, in small batches where texts are few', () => {
    const { model, tokenizer, training } = suited(texts(300))
    expect(model).toEqual({ ngrams: { longest: 3, embeddingSize: 16, buckets: 4096 } })
    expect(tokenizer).toBeUndefined()
    expect(training.batchSize).toBe(32)
    expect(suited(texts(3000)).training.batchSize).toBeUndefined()
  })

  it('has as many rows for n-grams as there are characters, within limits', () => {
    const buckets = ([count, length]: readonly [number, number]) =>
      (suited(texts(count, 'x'.repeat(length))).model as { ngrams: { buckets: number } }).ngrams.buckets
    const sizes = [
      [1, 1],
      [500, 10],
      [1000, 100],
      [10_000, 50],
    ] as const
    expect(sizes.map(buckets)).toEqual([2 ** 12, 2 ** 13, 2 ** 17, 2 ** 17])
  })

  it('reads words of documents, where a language has spaces, unless other units are given', () => {
    const words = { units: 'words', vocabSize: 20_000 }
    const documents = [...texts(70), ...texts(30, 'a long text of many words, '.repeat(20))]
    expect(suited(documents)).toMatchObject({ tokenizer: words, maxLength: 256, training: { batchSize: 32 } })
    expect(suited(documents.slice(10, 80)).tokenizer).toBeUndefined()
    expect(suited(texts(100, '長い文章です。'.repeat(60))).tokenizer).toBeUndefined()
    expect(suited(documents, { tokenizer: { units: 'characters' } }).tokenizer).toBeUndefined()
    expect(suited(texts(300), { tokenizer: { units: 'words' } }).tokenizer).toEqual(words)
  })

  it('drops tokens, as bert-classify does', () => {
    const given = { train: texts(300), numTraining: 300, settings: {} }
    for (const name of ['sentiment', 'bert-classify']) {
      expect(recipeNamed(registry, name).forData!(given)).toMatchObject({ training: { tokenDropout: 0.1 } })
    }
  })

  it('leaves a model that is there already as it is', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 'good' : 'bad'} film ${i}\t${i % 2}`)
    const source = memorySource('reviews.tsv', ['document\tlabel', ...rows].join('\n'))
    const recipe = { type: 'sentiment', training: { steps: 1, batchSize: 4 } }
    const train = async (given: object) => {
      const store = new MemoryStore()
      const { task, notes } = await trainRun({ registry, store, source, ...given } as never)
      const { modelSpec } = task
      task.dispose()
      return { store, modelSpec, notes }
    }
    const model = { embeddingSize: 4, hiddenSize: 4 }
    const first = await train({ recipe: { ...recipe, model: { ...model, ngrams: null } } })
    const from = await openStartingPoint({ store: first.store, registry, name: 'first' })
    const second = await train({ recipe, from })
    expect(second.modelSpec).toEqual(first.modelSpec)
    expect(second.notes.join()).not.toContain('ngrams')
    const fresh = await train({ recipe: { ...recipe, model } })
    expect(fresh.modelSpec['ngrams']).toEqual({ longest: 3, embeddingSize: 16, buckets: 4096 })
    expect(fresh.notes.join()).toContain('settings for 48 examples: model.ngrams.longest 3')
  })
})
