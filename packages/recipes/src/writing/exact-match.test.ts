import { expect, it } from 'vitest'
import { exactMatch } from './exact-match.ts'

it('counts texts that equal their target, spacing and composition of characters aside', () => {
  const examples = ['a b', '각', 'c'].map((target, i) => ({ source: i, target }))
  expect(exactMatch([' a  b', '각'.normalize('NFD'), 'd'], examples)).toBeCloseTo(2 / 3, 9)
})

it('takes any of the targets that a source has', () => {
  const examples = [
    { source: 'Hi', target: 'Hello' },
    { source: 'Hi', target: 'Hey' },
    { source: 'Bye', target: 'See you' },
  ]
  expect(exactMatch(['Hey', 'Hey', 'Hello'], examples)).toBeCloseTo(2 / 3, 9)
})

it('is 0 of nothing', () => expect(exactMatch([], [])).toBe(0))
