import { expect, it } from 'vitest'
import { areCharacters, splitCharacters, splitWords } from './split-words.ts'

it('takes punctuation at the ends of words off, mark by mark, and leaves it inside', () => {
  expect(splitWords('「제일」 가까운 1.2배에서, (e-gima.com)...')).toEqual([
    ...['「', '제일', '」', '가까운', '1.2배에서', ',', '(', 'e-gima.com', ')', '.', '.', '.'],
  ])
})

it('gives no words for a text without any', () => {
  expect(splitWords(' \n ')).toEqual([])
})

it('takes time in proportion to the text, also over punctuation inside a word', () => {
  const text = `a${'.'.repeat(300_000)}b`
  const start = performance.now()
  expect(splitWords(text)).toEqual([text])
  expect(splitWords('...')).toEqual(['.', '.', '.'])
  expect(performance.now() - start).toBeLessThan(3000)
})

it('splits a text into characters with a mark for blanks, where data have a character for each word', () => {
  expect(splitCharacters(' 오슬로 \n 에😀')).toEqual(['오', '슬', '로', '▁', '에', '😀'])
  expect(areCharacters(['오', '▁', '😀'])).toBe(true)
  expect(areCharacters(['a', 'fox'])).toBe(false)
})
