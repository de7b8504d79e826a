import { describe, expect, it } from 'vitest'
import { convertSpanTags, countStrayTags, SpanTagCount, spanSchemeOf } from './span-tags.ts'

const sentences = (...texts: string[]) => texts.map((text) => text.split(' '))

describe('spanSchemeOf', () => {
  it.each([
    ['iob1', ['I-PER I-PER O I-LOC', 'I-LOC B-LOC O']],
    ['iob2', ['B-PER I-PER O B-LOC']],
    ['iob2', ['B-PER I-PER O B-LOC', 'O I-ORG O']],
    ['iobes', ['B-PER E-PER O S-LOC']],
    [undefined, ['NOUN VERB']],
    [undefined, ['O O O']],
  ] as const)('finds %s', (scheme, texts) => {
    expect(spanSchemeOf(sentences(...texts))).toBe(scheme)
  })
})

it('tags are those of spans in spite of a mistake among many', () => {
  const areOfSpans = (tags: readonly string[]) => {
    const count = new SpanTagCount()
    for (const tag of tags) count.add(tag)
    return count.areOfSpans
  }
  expect(areOfSpans([...new Array<string>(20).fill('B-A'), 'PER'])).toBe(true)
  expect(areOfSpans(['B-A', 'PER'])).toBe(false)
})

describe('convertSpanTags', () => {
  it.each([
    ['I-PER I-PER O I-LOC B-LOC I-ORG', 'B-PER I-PER O B-LOC B-LOC B-ORG', 'B-PER E-PER O S-LOC S-LOC S-ORG'],
    ['B-A I-A I-A', 'B-A I-A I-A', 'B-A I-A E-A'],
    ['S-A E-A O', 'B-A B-A O', 'S-A S-A O'],
    ['B-A E-A I-A', 'B-A I-A B-A', 'B-A E-A S-A'],
  ])('%s', (tags, iob2, iobes) => {
    expect(convertSpanTags(tags.split(' '), 'iob2').join(' ')).toBe(iob2)
    expect(convertSpanTags(tags.split(' '), 'iobes').join(' ')).toBe(iobes)
  })
})

it('countStrayTags counts what continues nothing', () => {
  expect(countStrayTags('I-A O B-A I-B S-A I-A B-A I-A E-A'.split(' '))).toBe(3)
})
