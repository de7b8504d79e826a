import { describe, expect, it } from 'vitest'
import { spanF1, spansOf } from './span-f1.ts'

const tags = (text: string) => text.split(' ')
const show = (text: string) => spansOf(tags(text)).map(({ type, start, end }) => `${type} ${start}-${end}`)

describe('spansOf', () => {
  it.each([
    ['spans begun by B', 'B-PER I-PER O B-LOC', ['PER 0-2', 'LOC 3-4']],
    ['neighbors of one type apart', 'B-PER B-PER I-PER', ['PER 0-1', 'PER 1-3']],
    ['an I that continues nothing as a start', 'O I-PER I-PER', ['PER 1-3']],
    ['an I of another type as a start', 'B-PER I-LOC I-LOC', ['PER 0-1', 'LOC 1-3']],
    ['IOBES', 'S-PER B-LOC I-LOC E-LOC E-LOC', ['PER 0-1', 'LOC 1-4', 'LOC 4-5']],
    ['an I after S as a start', 'S-PER I-PER', ['PER 0-1', 'PER 1-2']],
    ['types with hyphens', 'B-a-b I-a-b I-a', ['a-b 0-2', 'a 2-3']],
    ['nothing', 'O O', []],
  ])('finds %s', (_, text, spans) => {
    expect(show(text)).toEqual(spans)
  })

  it('refuses other tags', () => {
    expect(() => spansOf(['O', 'PER'])).toThrow(
      'spansOf: expected a tag O, B-type, I-type, E-type or S-type, got "PER" at 1.',
    )
  })
})

describe('spanF1', () => {
  it('has the value of the example in the documentation of seqeval', () => {
    const references = [tags('O O O B-MISC I-MISC I-MISC O'), tags('B-PER I-PER O')]
    const predictions = [tags('O O B-MISC I-MISC I-MISC I-MISC O'), tags('B-PER I-PER O')]
    const { perClass, micro, macro } = spanF1(predictions, references)
    expect(micro).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5, support: 2 })
    expect(perClass.get('MISC')!.f1).toBe(0)
    expect(perClass.get('PER')!.f1).toBe(1)
    expect(macro.f1).toBe(0.5)
  })

  it('counts a span of the wrong type for both types', () => {
    const { perClass } = spanF1([tags('B-LOC I-LOC B-LOC')], [tags('B-PER I-PER B-LOC')])
    expect(perClass.get('LOC')).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3, support: 1 })
    expect(perClass.get('PER')).toEqual({ precision: 0, recall: 0, f1: 0, support: 1 })
  })

  it('does not take a span of one sentence for that of another', () => {
    expect(spanF1([tags('B-A O'), tags('O O')], [tags('O O'), tags('B-A O')]).micro.f1).toBe(0)
  })

  it('refuses sentences of unequal length', () => {
    expect(() => spanF1([['O']], [['O', 'O']])).toThrow('spanF1: expected 2 tags for sentence 0, got 1.')
  })
})
