import { recipeNamed } from '@heddle/tasks'
import { describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

describe('tagger', () => {
  const defaultsFor = (name: string, tags: readonly string[], settings: Record<string, unknown> = {}) => {
    const train = [{ words: tags.map((_, i) => `word${i}`), tags }]
    return recipeNamed(registry, name).forData?.({ train, numTraining: 1, settings })
  }
  const ofWords = { attributes: true, training: { steps: 2000 } }
  const names = ['O', 'B-PER', 'I-PER']

  it('scores tags of spans together and validly, those of words each by itself', () => {
    expect(defaultsFor('tagger', names)).toEqual({ ...ofWords, constrained: true, model: { scoring: 'crf' } })
    expect(defaultsFor('tagger', ['NOUN', 'VERB'])).toEqual(ofWords)
    expect(defaultsFor('bert-tag', names)).toEqual({ constrained: true, training: { steps: 800 } })
  })

  it('leaves out the CRF where labels have weights of their own', () => {
    expect(defaultsFor('tagger', names, { training: { classWeights: 'balanced' } })).toEqual({
      ...ofWords,
      constrained: true,
    })
    expect(defaultsFor('tagger', names, { training: { labelSmoothing: 0.1 } })).toEqual({
      ...ofWords,
      constrained: true,
    })
  })

  it('reads the sentences twelve times, fewer times where they are many, and takes enough steps for a few', () => {
    const stepsFor = (sentences: number, words: number, settings = {}) => {
      const train = new Array(sentences).fill({
        words: new Array(words).fill('word'),
        tags: new Array(words).fill('X'),
      })
      return recipeNamed(registry, 'tagger').forData?.({ train, numTraining: sentences, settings })['training']
    }
    expect(stepsFor(8000, 16)).toEqual({ steps: 3000 })
    expect(stepsFor(20_000, 20)).toEqual({ steps: 4700 })
    expect(stepsFor(400, 20)).toEqual({ steps: 2000 })
    expect(stepsFor(20_000, 20, { training: { batchSize: 64 } })).toEqual({ steps: 2300 })
  })
})
