import { expect, it } from 'vitest'
import { wrapped } from './tokenizer-fields.ts'

it('breaks at spaces, and counts Hangul and emoji as two columns', () => {
  expect(wrapped('the loom and the thread', 8)).toEqual(['the loom', 'and the', 'thread'])
  expect(wrapped('나는 학교 가', 9)).toEqual(['나는 학교', '가'])
  expect(wrapped('🙂🙂 🙂', 6)).toEqual(['🙂🙂', '🙂'])
})

it('keeps every space within a line, and words that are too wide whole', () => {
  expect(wrapped('a  b', 10)).toEqual(['a  b'])
  expect(wrapped('unbelievable loom', 5)).toEqual(['unbelievable', 'loom'])
  expect(wrapped('', 5)).toEqual([''])
})
