import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { spanF1 } from './span-f1.ts'
import { strictSpansOf, type TagScheme } from './strict-spans.ts'

// Written by fixtures/make_span_fixtures.py with seqeval.
interface Case {
  readonly scheme: TagScheme
  readonly references: readonly string[]
  readonly predictions: readonly string[]
  readonly default: Readonly<Record<'precision' | 'recall' | 'f1', number>>
  readonly strict: Readonly<Record<'precision' | 'recall' | 'f1', number>>
}
const cases: Case[] = JSON.parse(readFileSync(new URL('../fixtures/spans.json', import.meta.url), 'utf8'))

const tags = (text: string) => text.split(' ')
const show = (text: string, scheme: TagScheme) =>
  strictSpansOf(tags(text), scheme).map(({ type, start, end }) => `${type} ${start}-${end}`)

describe('strictSpansOf', () => {
  it('wants a span of IOB2 to start with B', () => {
    expect(show('I-PER I-PER O B-LOC I-LOC I-PER B-LOC', 'iob2')).toEqual(['LOC 3-5', 'LOC 6-7'])
  })

  it('wants a span of IOBES to be whole', () => {
    expect(show('S-PER B-LOC I-LOC E-LOC E-LOC B-ORG O', 'iobes')).toEqual(['PER 0-1', 'LOC 1-4'])
    expect(show('B-A E-A I-A', 'iobes')).toEqual(['A 0-2'])
  })

  it('refuses tags of another scheme', () => {
    expect(() => strictSpansOf(['S-A'], 'iob2')).toThrow('strictSpansOf: expected a tag of IOB2, got "S-A" at 0.')
  })
})

describe.each(cases)('spanF1 of $scheme', (each) => {
  it.each(['default', 'strict'] as const)('has the figures of seqeval in %s mode', (mode) => {
    const [predictions, references] = [each.predictions.map(tags), each.references.map(tags)]
    const { precision, recall, f1 } = spanF1(predictions, references, { mode }).micro
    for (const [name, value] of Object.entries({ precision, recall, f1 })) {
      expect(value).toBeCloseTo(each[mode][name as 'f1'], 12)
    }
  })
})
