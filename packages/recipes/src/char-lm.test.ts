import { recipeNamed } from '@heddle/tasks'
import { describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

describe('char-lm on given data', () => {
  const suited = (settings: object) =>
    recipeNamed(registry, 'char-lm').forData?.({
      train: [],
      numTraining: 1,
      settings: settings as Record<string, unknown>,
    })

  it('has settings for words: one table for their vectors and the output', () => {
    expect(suited({})).toEqual({})
    expect(suited({ tokenizer: { units: 'subwords' } })).toEqual({})
    expect(suited({ tokenizer: { units: 'words' } })).toMatchObject({
      model: { embeddingSize: 128, hiddenSize: 128, tied: true },
      training: { windowLength: 35 },
    })
  })

  it('shares the table of words only where the given sizes allow it', () => {
    const words = { tokenizer: { units: 'words' } }
    expect(suited({ ...words, model: { hiddenSize: 300 } })).toMatchObject({
      model: { embeddingSize: 300, tied: true },
    })
    expect(suited({ ...words, model: { hiddenSize: 300, embeddingSize: 100 } })).toMatchObject({
      model: { hiddenSize: 300, embeddingSize: 100, tied: false },
    })
  })
})
