import { describe, expect, it } from 'vitest'
import { rouge } from './rouge.ts'

describe('rouge', () => {
  it('has the values of the example in the documentation of rouge_score', () => {
    const { rouge1, rougeL } = rouge(
      ['The quick brown dog jumps on the log.'],
      ['The quick brown fox jumps over the lazy dog'],
    )
    expect(rouge1).toEqual({ precision: 0.75, recall: 0.6666666666666666, f1: 0.7058823529411765 })
    expect(rougeL.precision).toBeCloseTo(0.625, 15)
    expect(rougeL.recall).toBeCloseTo(0.5555555555555556, 15)
    expect(rougeL.f1).toBeCloseTo(0.5882352941176471, 15)
  })

  it('has the values of the example of Lin 2004: longest common subsequences of 3 and 2 of 4 words', () => {
    const f1 = (text: string) => rouge([text], ['police killed the gunman'])
    expect(f1('police kill the gunman').rougeL.f1).toBe(0.75)
    expect(f1('the gunman kill police').rougeL.f1).toBe(0.5)
    expect(f1('police kill the gunman').rouge2.f1).toBeCloseTo(1 / 3, 12)
    expect(f1('the gunman kill police').rouge2.f1).toBeCloseTo(1 / 3, 12)
  })

  it('finds words of other scripts only with another tokenizer', () => {
    const pair = [['고양이가 잔다.'], ['고양이가, 잔다']] as const
    expect(rouge(...pair).rouge1.f1).toBe(0)
    expect(rouge(...pair, { tokenizer: 'unicode' }).rouge1.f1).toBe(1)
    expect(rouge(...pair, { tokenizer: 'none' }).rouge1.f1).toBe(0)
  })

  it('takes the best of several references and the mean over examples', () => {
    const { rouge1 } = rouge(['a b', 'x'], [['c d', 'a b'], 'y'])
    expect(rouge1.f1).toBe(0.5)
  })

  it('is 0 for a text without words', () => {
    expect(rouge([''], ['a b']).rougeL).toEqual({ precision: 0, recall: 0, f1: 0 })
  })

  it('refuses a tokenizer that it does not know', () => {
    expect(() => rouge(['a'], ['a'], { tokenizer: 'porter' as 'none' })).toThrow(
      'expected a tokenizer of ascii, unicode or none, got "porter".',
    )
  })
})
