import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { BatchSampler } from './batch-sampler.ts'
import { batchSizeAt, GrowingBatches } from './growing-batches.ts'
import { MappedBatches } from './mapped-batches.ts'

const ramp = { from: 2, share: 0.5 }

function growing(seed: number) {
  const rng = new RandomStream(seed)
  const examples = Array.from({ length: 24 }, (_, i) => 10 * i)
  const sampler = new BatchSampler(examples, { batchSize: 8, rng })
  const changed = new MappedBatches(sampler, (example, stream) => example + stream.uniform(), rng)
  return new GrowingBatches(changed, (step) => batchSizeAt(8, ramp, step, 24))
}

it('grows in a straight line, then stays', () => {
  expect([0, 6, 12, 23].map((step) => batchSizeAt(8, ramp, step, 24))).toEqual([2, 5, 8, 8])
  expect(batchSizeAt(8, undefined, 0, 24)).toBe(8)
})

it('deals out batches in equal parts, so that every example comes once in an epoch', () => {
  const batches = growing(1)
  const drawn = Array.from({ length: 9 }, () => batches.next())
  expect(drawn.map(({ length }) => length)).toEqual([2, 2, 2, 2, 4, 4, 4, 4, 8])
  expect(new Set(drawn.slice(0, 8).flat().map(Math.floor)).size).toBe(24)
})

it('goes on with the same parts from any saved state', () => {
  const whole = growing(1)
  const expected = Array.from({ length: 12 }, () => whole.next())
  for (let taken = 0; taken < 12; taken++) {
    const first = growing(1)
    for (let i = 0; i < taken; i++) first.next()
    const second = growing(2)
    second.restore(JSON.parse(JSON.stringify(first.state())))
    expect(
      Array.from({ length: 12 - taken }, () => second.next()),
      `after ${taken}`,
    ).toEqual(expected.slice(taken))
    expect(second.epoch).toBe(whole.epoch)
  }
})

it('refuses another thing than a state', () => {
  expect(() => growing(1).restore(null)).toThrow("GrowingBatches: expected a state { kind: 'growing-batches'")
  expect(() => growing(1).restore({ kind: 'growing-batches', step: 1, taken: 3, parts: 2 })).toThrow('GrowingBatches')
})
