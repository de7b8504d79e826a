import { expect, it } from 'vitest'
import { tokenSpans, tokenStatistics, trainCharTokenizer, trainWordTokenizer } from './index.ts'

it('counts tokens, words, bytes and unknown tokens', () => {
  const tokenizer = trainWordTokenizer(['나는 학교에 갔다.', 'hello you'])
  const statistics = tokenStatistics(tokenizer, ['나는 집에 갔다.', 'hello'])
  expect(statistics).toMatchObject({ lines: 2, words: 4, tokens: 5, unknownTokens: 1, usedTokens: 5, unknownRate: 0.2 })
  expect(statistics.bytes).toBe(21 + 5)
  expect(statistics.bytesPerToken).toBeCloseTo(26 / 5)
  expect(statistics.tokensPerWord).toBeCloseTo(5 / 4)
  expect(tokenStatistics(tokenizer, []).bytesPerToken).toBe(0)
})

it('cuts a text at the borders of its tokens', () => {
  const spans = tokenSpans(trainWordTokenizer(['나는 갔다.']), ' 나는  갔다.')
  expect(spans.map(({ text, tokens }) => [text, tokens.map(({ token }) => token)])).toEqual([
    [' ', []],
    ['나는', ['나는']],
    ['  ', []],
    ['갔다', ['갔다']],
    ['.', ['￭.']],
  ])
  expect(tokenSpans(trainCharTokenizer(['ab']), 'ab').map(({ text }) => text)).toEqual(['a', 'b'])
})
