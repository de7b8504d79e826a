import { recipeNamed } from '@heddle/tasks'
import { describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

/** A text of so many words, each of the given number of different ones in turn, ten in a line. */
const textOf = (numWords: number, numTypes: number) =>
  Array.from({ length: numWords }, (_, i) => `w${i % numTypes}${i % 10 === 9 ? ' \n ' : ' '}`).join('')

describe('char-lm on given data', () => {
  const suited = (settings: object, train: readonly unknown[] = [textOf(30_000, 20_000)]) =>
    recipeNamed(registry, 'char-lm').forData?.({
      train,
      numTraining: train.length,
      settings: settings as Record<string, unknown>,
    })
  const words = (settings: object = {}) => ({ tokenizer: { units: 'words' }, ...settings })

  it('has settings of its own for words alone, with clusters of rare ones', () => {
    expect(suited({})).toEqual({})
    expect(suited({ tokenizer: { units: 'subwords' } })).toEqual({})
    expect(suited(words())).toMatchObject({
      model: { embeddingSize: 128, cutoffs: [1250, 5000] },
      training: { batchSize: 20, windowLength: 35 },
    })
  })

  it('has a cluster for each size of the vocabulary and of the network', () => {
    const cutoffs = (numTypes: number, settings: object = {}) =>
      (suited(words(settings), [textOf(numTypes, numTypes)]) as { model: { cutoffs?: number[] } }).model.cutoffs
    expect([1000, 3000, 10_000, 40_000].map((numTypes) => cutoffs(numTypes))).toEqual([
      undefined,
      [1000],
      [1000, 4000],
      [2500, 10_000],
    ])
    expect(cutoffs(10_000, { tokenizer: { units: 'words', vocabSize: 1000 } })).toBeUndefined()
    expect([2, 8].map((hiddenSize) => cutoffs(10_000, { model: { hiddenSize } }))).toEqual([undefined, [1000]])
  })

  it('shares the table of words only where that is asked for', () => {
    const { model } = suited(words({ model: { hiddenSize: 300, tied: true } })) as { model: object }
    expect(model).toMatchObject({ embeddingSize: 300, hiddenSize: 300, cutoffs: undefined })
  })

  it('drops more of a small text', () => {
    const dropout = (numWords: number) =>
      (suited(words(), [textOf(numWords, 50)]) as { model: { dropout: number } }).model.dropout
    expect([50_000, 500_000].map(dropout)).toEqual([0.5, 0.3])
  })

  it('has steps for the size of a text, also of one that stays on the disk, and for the windows that are given', () => {
    const part = { name: 'part', size: 1e9, text: async () => '' }
    const steps = (train: readonly unknown[], training: object = {}) =>
      (suited(words({ training }), train) as { training: { steps: number } }).training.steps
    const text = textOf(500_000, 50)
    expect(steps([textOf(1000, 50)])).toBe(300)
    expect(steps([text])).toBe(Math.round((8 * 550_000) / 700))
    expect(steps([text], { batchSize: 40 })).toBe(Math.round((8 * 550_000) / 1400))
    expect(steps([part, text])).toBe(12_000)
    expect(steps([part])).toBe(12_000)
  })
})
