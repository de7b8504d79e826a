import { expect, test } from 'vitest'
import { allowedFor } from './dependency-table.ts'

test('what a dependency may use is allowed too', () => {
  expect(allowedFor('rnn')).toEqual(new Set(['attention', 'layers', 'core']))
  expect(allowedFor('core').size).toBe(0)
})

test('a cycle in the table is refused', () => {
  expect(() => allowedFor('a', { a: ['b'], b: ['a'] })).toThrow('a -> b -> a')
})
