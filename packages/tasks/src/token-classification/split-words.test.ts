import { expect, it } from 'vitest'
import { splitWords } from './split-words.ts'

it('takes punctuation at the ends of words off, mark by mark, and leaves it inside', () => {
  expect(splitWords('「제일」 가까운 1.2배에서, (e-gima.com)...')).toEqual([
    ...['「', '제일', '」', '가까운', '1.2배에서', ',', '(', 'e-gima.com', ')', '.', '.', '.'],
  ])
})

it('gives no words for a text without any', () => {
  expect(splitWords(' \n ')).toEqual([])
})
