import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { namedEntities } from './named-entities.ts'

const sentences = namedEntities(2000, new RandomStream(3))

it('tags every name in IOB2, in both languages', () => {
  const tags = new Set(sentences.flatMap((each) => each.tags))
  expect([...tags].sort()).toEqual(['B-DATE', 'B-LOC', 'B-ORG', 'B-PER', 'I-DATE', 'I-LOC', 'I-ORG', 'I-PER', 'O'])
  for (const { words, tags } of sentences) {
    expect(words).toHaveLength(tags.length)
    for (const [i, tag] of tags.entries()) {
      if (tag.startsWith('I-')) expect(tags[i - 1]!.slice(2)).toBe(tag.slice(2))
    }
    expect(words.join(' ')).not.toMatch(/\+|\b(PER|LOC|ORG|DATE)\b/)
  }
  const share = sentences.filter(({ words }) => /[가-힣]/.test(words.join())).length / sentences.length
  expect(share).toBeGreaterThan(0.3)
  expect(share).toBeLessThan(0.7)
})

it('has many names that others have not, and names of several kinds', () => {
  const kindsOf = new Map<string, Set<string>>()
  for (const { words, tags } of sentences.slice(0, 1600)) {
    for (const [i, word] of words.entries()) kindsOf.set(word, (kindsOf.get(word) ?? new Set()).add(tags[i]!.slice(2)))
  }
  const held = sentences.slice(1600).flatMap(({ words, tags }) => words.filter((_, i) => tags[i] !== 'O'))
  const unseen = held.filter((word) => !kindsOf.has(word)).length / held.length
  expect(unseen).toBeGreaterThan(0.3)
  expect([...kindsOf.values()].filter(({ size }) => size > 1).length).toBeGreaterThan(20)
})
