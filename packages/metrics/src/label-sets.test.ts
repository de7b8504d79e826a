import { createRegistry } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { labelSetF1, rankingAveragePrecision, subsetAccuracy } from './label-sets.ts'
import { metricPoint } from './metric.ts'
import { metricsPlugin } from './plugin.ts'

const NAMES = ['a', 'b', 'c', 'd']
const named = (rows: readonly (readonly number[])[]) => rows.map((row) => NAMES.filter((_, label) => row[label] === 1))
const references = [
  [1, 0, 1, 0],
  [0, 0, 0, 0],
  [1, 1, 1, 1],
  [0, 1, 0, 0],
  [1, 0, 0, 1],
]
const scores = [
  [0.9, 0.8, 0.3, 0.1],
  [0.2, 0.1, 0.6, 0.4],
  [0.5, 0.5, 0.5, 0.1],
  [0.7, 0.7, 0.2, 0.1],
  [0.4, 0.9, 0.4, 0.6],
]
const predictions = scores.map((row) => row.map((score) => Number(score >= 0.5)))

// The numbers are those of the definitions, computed with numpy on the matrices above.
describe('metrics of label sets', () => {
  it('give F1 by label, of all decisions and averaged', () => {
    const { perClass, micro, macro } = labelSetF1(named(predictions), named(references))
    expect([...perClass].map(([label, { f1 }]) => [label, Number(f1.toFixed(6))])).toEqual([
      ['a', 0.666667],
      ['b', 0.666667],
      ['c', 0.5],
      ['d', 0.666667],
    ])
    expect(micro).toEqual({ f1: 12 / 19, precision: 0.6, recall: 2 / 3, support: 9 })
    expect(macro.f1).toBeCloseTo(0.625, 10)
  })

  it('count a set as right only where it is complete', () => {
    expect(subsetAccuracy(named(predictions), named(references))).toBe(0)
    expect(subsetAccuracy([['b', 'a'], [], ['a', 'a']], [['a', 'b'], [], ['a']])).toBe(1)
    expect(subsetAccuracy([['a'], ['a', 'b']], [['a', 'b'], ['a']])).toBe(0)
  })

  it('rank labels by their scores, ties at their worst', () => {
    const ids = references.map((row) => row.flatMap((value, label) => (value === 1 ? [label] : [])))
    expect(rankingAveragePrecision(scores, ids)).toBeCloseTo(0.7666666666666666, 12)
    expect(rankingAveragePrecision([[0.1, 0.2]], [[]])).toBe(1)
    expect(() => rankingAveragePrecision([[0.1, 0.2]], [[2]])).toThrow('expected labels from 0 to 1, got 2')
  })

  it('are 0 where nothing is there and nothing is predicted', () => {
    expect(labelSetF1([[], []], [[], []]).micro.f1).toBe(0)
    expect(labelSetF1([['a']], [['a']], ['a', 'b']).macro.f1).toBe(0.5)
  })

  it('are contributed by name', () => {
    const registry = createRegistry([metricsPlugin])
    const values = (type: string) =>
      registry.create(metricPoint, { type }, undefined).compute(named(predictions), named(references))
    expect(values('labelSetF1')).toEqual({ microF1: 12 / 19, macroF1: 0.625, precision: 0.6, recall: 2 / 3 })
    expect(values('subsetAccuracy')).toEqual({ subsetAccuracy: 0 })
  })
})
