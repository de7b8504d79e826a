import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pearson, spearman } from './correlation.ts'

// Written by fixtures/make_correlation_fixtures.py with SciPy.
interface Case {
  readonly predictions: readonly number[]
  readonly references: readonly number[]
  readonly pearson: number
  readonly spearman: number
}
const cases: Case[] = JSON.parse(readFileSync(new URL('../fixtures/correlations.json', import.meta.url), 'utf8'))

describe.each(cases.map((each) => [each.references.length, each] as const))('of %i pairs', (_, each) => {
  it('pearson and spearman are those of SciPy, ties included', () => {
    expect(pearson(each.predictions, each.references)).toBeCloseTo(each.pearson, 12)
    expect(spearman(each.predictions, each.references)).toBeCloseTo(each.spearman, 12)
  })
})

it('a constant series correlates with nothing', () => {
  expect([pearson([1, 1, 1], [1, 2, 3]), spearman([1, 2, 3], [2, 2, 2])]).toEqual([0, 0])
})

it('refuses series of different lengths, and none', () => {
  expect(() => pearson([1], [1, 2])).toThrow('pearson: expected as many predictions as references, got 1 and 2.')
  expect(() => spearman([], [])).toThrow('spearman: expected at least one prediction')
})
