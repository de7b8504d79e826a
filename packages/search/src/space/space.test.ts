import { expect, it } from 'vitest'
import { parseSpace } from './space.ts'

it('lists all mistakes of a space', () => {
  const given = {
    a: { type: 'uniform', low: 2, high: 1 },
    b: { type: 'log-uniform', low: 0, high: 1 },
    c: { type: 'integer', low: 1, high: 6, step: 2 },
    d: { type: 'integer', low: 0, high: 5, log: true },
    e: { type: 'choice', values: [1, 1] },
  }
  expect(() => parseSpace('space.json', given)).toThrow(
    /'a': expected low below high, got 2 and 1. 'b': expected low above 0 for a logarithm, got 0. 'c': .* such as 5, got 6. 'd': expected low above 0.*'e': expected values that differ/,
  )
  expect(() => parseSpace('space.json', {})).toThrow(/expected at least one parameter/)
  expect(() => parseSpace('space.json', { a: { type: 'loguniform', low: 1, high: 2 } })).toThrow(
    "space.json: 'a.type': expected one of 'uniform', 'log-uniform', 'integer', 'choice', got \"loguniform\". Did you mean 'uniform', 'log-uniform'?",
  )
  expect(() => parseSpace('space.json', { a: { type: 'uniform', low: 1, hi: 2, high: 3 } })).toThrow(/unknown key|hi/)
})
