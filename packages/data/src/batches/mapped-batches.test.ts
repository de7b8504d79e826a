import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { BatchSampler } from './batch-sampler.ts'
import { MappedBatches } from './mapped-batches.ts'

function source(seed: number): MappedBatches<number> {
  const rng = new RandomStream(seed)
  const sampler = new BatchSampler([10, 20, 30, 40, 50, 60, 70], { batchSize: 3, rng })
  return new MappedBatches(sampler, (example, stream) => example + stream.uniform(), rng)
}

it('changes examples anew each time that they are drawn', () => {
  const batches = source(1)
  const drawn = Array.from({ length: 2 * batches.batchesPerEpoch }, () => batches.next()).flat()
  expect(new Set(drawn.map(Math.floor)).size).toBe(7)
  expect(new Set(drawn).size).toBe(14)
})

it('goes on with the same changes from a saved state', () => {
  const a = source(1)
  for (let i = 0; i < 4; i++) a.next()
  const state = JSON.parse(JSON.stringify(a.state()))
  const b = source(2)
  b.restore(state)
  expect(Array.from({ length: 5 }, () => b.next())).toEqual(Array.from({ length: 5 }, () => a.next()))
  expect(b.epoch).toBe(a.epoch)
})

it('refuses another thing than a state', () => {
  expect(() => source(1).restore(null)).toThrow('MappedBatches: expected a state { source, rng }, got null')
})
