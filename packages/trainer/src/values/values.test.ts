import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { gradientHistogram, groupedByModule, weightHistogram } from './module-histograms.ts'
import { sampleOf } from './value-sample.ts'
import { isWatched } from './value-watch.ts'

beforeAll(useCpu)

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
const sample = (values: number[]) => ({ size: values.length, values: Float32Array.from(values) })
const normal = (count: number, seed: number) => {
  const rng = new RandomStream(seed)
  return Array.from({ length: count }, () => rng.normal())
}

describe('sampleOf', () => {
  it('takes small tensors whole, and of large ones values of every row and column', async () => {
    expect([...(await sampleOf(tf.tensor1d([1, 2, 3]), 0.5)).values]).toEqual([0.5, 1, 1.5])
    const columns = tf.tile(tf.reshape(tf.range(0, 128), [1, 128]), [1000, 1])
    const { size, values } = await sampleOf(columns)
    expect([size, values.length]).toEqual([128_000, 8192])
    const counts = new Array<number>(128).fill(0)
    for (const value of values) counts[value]!++
    for (const count of counts) expect(Math.abs(count - 64)).toBeLessThan(32)
  })
})

describe('weightHistogram', () => {
  it('has the shape of the distribution, with outliers in the last bars', () => {
    const { min, max, from, to, counts } = weightHistogram([sample([...normal(20_000, 1), 500])])
    expect(max).toBeCloseTo(500, 0)
    expect(min).toBeGreaterThan(-5)
    expect(to).toBeLessThan(6)
    expect(from).toBeGreaterThanOrEqual(min)
    expect(sum(counts)).toBe(20_001)
    const middle = counts[Math.floor((-from / (to - from)) * counts.length)]!
    expect(middle).toBeGreaterThan(0.9 * Math.max(...counts))
  })

  it('counts a part of a tensor as the whole', () => {
    const half = { size: 2000, values: Float32Array.from(normal(1000, 2)) }
    expect(Math.abs(sum(weightHistogram([half, sample(normal(500, 3))]).counts) - 2500)).toBeLessThan(30)
  })

  it('knows weights that are all alike, and nearly alike', () => {
    expect(weightHistogram([sample([1, 1])])).toEqual({ min: 1, max: 1, from: 1, to: 1, counts: [2] })
    const { from, to, counts } = weightHistogram([sample([1, 1.000001])])
    expect(to).toBeGreaterThan(from)
    expect(sum(counts)).toBe(2)
  })
})

it('gradientHistogram counts magnitudes by half powers of ten', () => {
  expect(gradientHistogram([sample([0, 1, -2, 5, 0.02])])).toEqual({ zeros: 1, from: -2, counts: [1, 0, 0, 0, 2, 1] })
  expect(gradientHistogram([sample([0, 0])])).toEqual({ zeros: 2, from: 0, counts: [] })
})

it('groupedByModule takes the finest groups of which there are at most 16', () => {
  expect([...groupedByModule(['a.weight', 'a.bias']).keys()]).toEqual(['a.weight', 'a.bias'])
  const layers = Array.from({ length: 12 }, (_, i) => [
    `encoder.layers.${i}.query.weight`,
    `encoder.layers.${i}.key.weight`,
  ])
  const groups = groupedByModule(['embedding.weight', ...layers.flat()])
  expect([...groups.keys()]).toEqual(['embedding.weight', ...layers.map((_, i) => `encoder.layers.${i}`)])
  expect(groups.get('encoder.layers.3')).toEqual(layers[3])
  const many = groupedByModule(Array.from({ length: 40 }, (_, i) => `m${i}`))
  expect(many.size).toBe(16)
  expect(many.get('(others)')).toHaveLength(25)
})

it('isWatched takes every validation of a short run, and few more of a long one', () => {
  const watched = (steps: number) =>
    Array.from({ length: steps }, (_, i) => i + 1).filter((n) => isWatched(n, 10, steps))
  expect(watched(50)).toEqual([10, 20, 30, 40, 50])
  expect(watched(55)).toEqual([10, 20, 30, 40, 50, 55])
  expect(watched(400)).toHaveLength(15 + 8 + 3)
  expect(watched(100_000).length).toBeLessThan(110)
  // A longer run watches the same steps as far as the shorter one goes.
  expect(watched(1000).slice(0, watched(500).length)).toEqual(watched(500))
})
