import { RandomStream } from '@heddle/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchesByLength } from './batches-by-length.ts'

const rng = (seed = 1) => new RandomStream(seed)
const words = (n: number, seed = 9) => {
  const lengths = rng(seed)
  return Array.from({ length: n }, (_, i) => `${i}:`.padEnd(5 + lengths.integer(60), 'x'))
}
const length = (word: string) => word.length
const padding = (batches: string[][]) =>
  batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map(length)) - batch.join('').length, 0)

describe('batchesByLength', () => {
  it('holds each example once, in batches of the size with at most one smaller', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (n, batchSize, bucketFactor) => {
          const examples = words(n)
          const batches = batchesByLength(examples, { batchSize, length, rng: rng(), bucketFactor })
          expect(batches.flat().sort()).toEqual([...examples].sort())
          expect(batches.filter((batch) => batch.length !== batchSize).length).toBe(n % batchSize === 0 ? 0 : 1)
          expect(batches.length).toBe(Math.ceil(n / batchSize))
        },
      ),
    )
  })

  it('leaves out only the smaller batch on demand', () => {
    const batches = batchesByLength(words(103), { batchSize: 10, length, rng: rng(), dropLast: true, bucketFactor: 3 })
    expect(batches.map((batch) => batch.length)).toEqual(Array(10).fill(10))
  })

  it('wastes far less padding than batches that ignore length, and less the wider the windows', () => {
    const examples = words(2000)
    const waste = (bucketFactor: number) =>
      padding(batchesByLength(examples, { batchSize: 20, length, rng: rng(), bucketFactor }))
    const plain = padding(batchesByLength(examples, { batchSize: 20, rng: rng() }))
    expect(waste(10)).toBeLessThan(plain / 5)
    expect(waste(50)).toBeLessThan(waste(10))
  })

  it('does not put out batches in the order of their lengths', () => {
    const firsts = batchesByLength(words(2000), { batchSize: 20, length, rng: rng() }).map((batch) => length(batch[0]!))
    const rises = firsts.slice(1).filter((value, i) => value >= firsts[i]!).length
    expect(rises).toBeGreaterThan(30)
    expect(rises).toBeLessThan(70)
  })

  it('is the same for the same stream and another for another', () => {
    const examples = words(100)
    const run = (seed: number) => batchesByLength(examples, { batchSize: 7, length, rng: rng(seed) })
    expect(run(3)).toEqual(run(3))
    expect(run(3)).not.toEqual(run(4))
  })

  it('keeps the order of the examples without a random stream', () => {
    expect(batchesByLength([3, 1, 2], { batchSize: 2 })).toEqual([[3, 1], [2]])
    expect(batchesByLength([3, 1, 2, 0], { batchSize: 1, bucketFactor: 2, length: (n) => n })).toEqual([
      [1],
      [3],
      [0],
      [2],
    ])
  })

  it('refuses no examples, no whole batch, and sizes that are none', () => {
    expect(() => batchesByLength([], { batchSize: 2 })).toThrow('expected at least one example, got none.')
    expect(() => batchesByLength([1], { batchSize: 2, dropLast: true })).toThrow(
      'expected at least 2 examples for one whole batch, got 1.',
    )
    expect(() => batchesByLength([1], { batchSize: 0 })).toThrow('expected a batchSize of at least 1, got 0.')
    expect(() => batchesByLength([1], { batchSize: 1, bucketFactor: 0.5 })).toThrow(
      'expected a bucketFactor of at least 1, got 0.5.',
    )
  })
})
