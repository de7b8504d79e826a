import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { taggedSentences } from './tagged-sentences.ts'

describe('taggedSentences', () => {
  it('uses the same words in several parts of speech, and gives the same sentences for the same seed', () => {
    const sentences = taggedSentences(1000, new RandomStream(4))
    const tagsOf = new Map<string, Set<string>>()
    for (const { words, tags } of sentences) {
      expect(words).toHaveLength(tags.length)
      for (const [i, word] of words.entries()) tagsOf.set(word, (tagsOf.get(word) ?? new Set()).add(tags[i]!))
    }
    expect(tagsOf.get('to')).toEqual(new Set(['ADP', 'PART']))
    expect(tagsOf.get('watch')).toEqual(new Set(['NOUN', 'VERB']))
    expect(tagsOf.get('that')).toEqual(new Set(['DET', 'SCONJ']))
    expect(taggedSentences(1000, new RandomStream(4))).toEqual(sentences)
  })
})
