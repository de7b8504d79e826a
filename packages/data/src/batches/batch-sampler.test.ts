import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { BatchSampler, type BatchSamplerOptions } from './batch-sampler.ts'

const examples = Array.from({ length: 53 }, (_, i) => 'x'.repeat(1 + ((i * 7) % 23)) + i)
const sampler = (options: Partial<BatchSamplerOptions<string>> = {}, seed = 1) =>
  new BatchSampler(examples, {
    batchSize: 5,
    length: (text) => text.length,
    bucketFactor: 3,
    rng: new RandomStream(seed),
    ...options,
  })
const take = (from: BatchSampler<string>, n: number) => Array.from({ length: n }, () => from.next())

describe('BatchSampler', () => {
  it('holds each example once an epoch, in another order each epoch', () => {
    const batches = sampler()
    expect(batches.batchesPerEpoch).toBe(11)
    const first = take(batches, 11)
    expect(batches.epoch).toBe(1)
    const second = take(batches, 11)
    expect(batches.epoch).toBe(2)
    expect(first.flat().sort()).toEqual([...examples].sort())
    expect(second.flat().sort()).toEqual([...examples].sort())
    expect(second).not.toEqual(first)
  })

  it('counts an epoch when its last batch is taken', () => {
    const batches = sampler({ dropLast: true })
    expect(batches.batchesPerEpoch).toBe(10)
    take(batches, 9)
    expect(batches.epoch).toBe(0)
    batches.next()
    expect(batches.epoch).toBe(1)
  })

  it.each([0, 1, 10, 11, 12, 25, 33])('goes on with the same batches from a state saved after %i', (n) => {
    const original = sampler()
    take(original, n)
    const saved = JSON.parse(JSON.stringify(original.state()))
    const resumed = sampler({}, 999)
    take(resumed, 3)
    resumed.restore(saved)
    expect(resumed.epoch).toBe(original.epoch)
    expect(resumed.state()).toEqual(saved)
    expect(take(resumed, 30)).toEqual(take(original, 30))
  })

  it('does not depend on draws from the stream that it was made from', () => {
    const rng = new RandomStream(1)
    const batches = sampler({ rng })
    const expected = take(sampler(), 20)
    const got = Array.from({ length: 20 }, () => {
      rng.uint32()
      return batches.next()
    })
    expect(got).toEqual(expected)
  })

  it('keeps the order of the examples without shuffling, also after a restart', () => {
    const plain = () => new BatchSampler([1, 2, 3, 4, 5], { batchSize: 2, shuffle: false })
    const batches = plain()
    expect([batches.next(), batches.next(), batches.next(), batches.next()]).toEqual([[1, 2], [3, 4], [5], [1, 2]])
    const resumed = plain()
    resumed.restore(batches.state())
    expect(resumed.next()).toEqual([3, 4])
  })

  it('refuses states of other data, other settings, and other things', () => {
    const state = sampler().state()
    expect(() => sampler({ batchSize: 6 }).restore(state)).toThrow(
      'BatchSampler: expected a state with batchSize 6, got 5.',
    )
    expect(() =>
      new BatchSampler(examples.slice(1), { batchSize: 5, rng: new RandomStream(1) }).restore(state),
    ).toThrow('expected a state with numExamples 52, got 53.')
    expect(() => sampler({ bucketFactor: 4 }).restore(state)).toThrow('expected a state with bucketFactor 4, got 3.')
    expect(() => sampler({ dropLast: true }).restore(state)).toThrow('expected a state with dropLast true, got false.')
    expect(() => sampler({ shuffle: false }).restore(state)).toThrow(
      'expected the state of a sampler without shuffling',
    )
    expect(() => sampler().restore({ ...state, position: 11 })).toThrow('expected a position below 11, got 11.')
    expect(() => sampler().restore({ ...state, epoch: -1 })).toThrow(
      "expected a state { kind: 'batch-sampler', epoch, position, … }",
    )
    expect(() => sampler().restore(null)).toThrow('got null')
    expect(() => sampler().restore({ ...state, rng: { key: [1] } })).toThrow('RandomStream: expected a state')
  })

  it('needs a stream to shuffle', () => {
    expect(() => new BatchSampler(examples, { batchSize: 5 })).toThrow(
      'expected rng, a RandomStream, to shuffle, got none.',
    )
  })
})
