import { expect, test } from 'vitest'
import { editDistance, nearestNames, suggest } from './nearest.ts'

test('edit distance counts insertions, deletions and substitutions', () => {
  expect(editDistance('', 'abc')).toBe(3)
  expect(editDistance('kitten', 'sitting')).toBe(3)
  expect(editDistance('same', 'same')).toBe(0)
})

test('a slip finds its name, a far word finds none', () => {
  const known = ['hiddenSize', 'numLayers', 'dropout']
  expect(nearestNames('hidenSize', known)).toEqual(['hiddenSize'])
  expect(nearestNames('NUMLAYERS', known)).toEqual(['numLayers'])
  expect(nearestNames('zzzzzzzz', known)).toEqual([])
})

test('a suggestion names the nearest, or lists what is known', () => {
  expect(suggest('lstn', ['lstm', 'gru'])).toBe("Did you mean 'lstm'?")
  expect(suggest('transformer', ['lstm', 'gru'])).toBe("Known: 'lstm', 'gru'.")
  expect(suggest('x', [])).toBe('There are none.')
})
