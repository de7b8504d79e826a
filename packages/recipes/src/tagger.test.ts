import { recipeNamed } from '@heddle/tasks'
import { describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

describe('tagger', () => {
  const defaultsFor = (name: string, tags: readonly string[], settings: Record<string, unknown> = {}) => {
    const train = [{ words: tags.map((_, i) => `word${i}`), tags }]
    return recipeNamed(registry, name).forData?.({ train, numTraining: 1, settings })
  }
  const names = ['O', 'B-PER', 'I-PER']

  it('scores tags of spans together and validly, those of words each by itself', () => {
    expect(defaultsFor('tagger', names)).toEqual({ constrained: true, model: { scoring: 'crf' } })
    expect(defaultsFor('tagger', ['NOUN', 'VERB'])).toEqual({})
    expect(defaultsFor('bert-tag', names)).toEqual({ constrained: true })
  })

  it('leaves out the CRF where labels have weights of their own', () => {
    expect(defaultsFor('tagger', names, { training: { classWeights: 'balanced' } })).toEqual({ constrained: true })
    expect(defaultsFor('tagger', names, { training: { labelSmoothing: 0.1 } })).toEqual({ constrained: true })
  })
})
