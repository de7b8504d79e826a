import { expect, it } from 'vitest'
import { firstSentence } from './lead-sentence.ts'

it('takes the first sentence as the simplest summary', () => {
  expect(firstSentence('One. Two.')).toBe('One.')
  expect(firstSentence('No full stop')).toBe('No full stop')
  expect(firstSentence('비가 왔다. 추웠다.')).toBe('비가 왔다.')
})
