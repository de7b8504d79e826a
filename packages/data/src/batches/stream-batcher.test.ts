import { describe, expect, it } from 'vitest'
import { StreamBatcher } from './stream-batcher.ts'

const ids = Int32Array.from({ length: 24 }, (_, i) => i)
const row = ({ inputs, shape: [, T] }: { inputs: Int32Array; shape: [number, number] }, b: number) => [
  ...inputs.subarray(b * T, (b + 1) * T),
]

describe('StreamBatcher', () => {
  it('reads the streams side by side, each row going on where it ended', () => {
    const batcher = new StreamBatcher(ids, { batchSize: 2, time: 4 })
    const chunks = Array.from({ length: batcher.chunksPerEpoch }, () => batcher.next())
    expect(chunks.map(({ shape }) => shape)).toEqual([
      [2, 4],
      [2, 4],
      [2, 3],
    ])
    expect(chunks.flatMap((chunk) => row(chunk, 0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(chunks.flatMap((chunk) => row(chunk, 1))).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21])
    for (const { inputs, targets } of chunks) expect([...targets]).toEqual([...inputs].map((id) => id + 1))
    expect(chunks.map(({ startsStream }) => startsStream)).toEqual([true, false, false])
    expect(batcher.epoch).toBe(1)
    expect(batcher.next()).toEqual(chunks[0])
  })

  it('leaves out the shorter chunk on demand', () => {
    const batcher = new StreamBatcher(ids, { batchSize: 2, time: 4, dropLast: true })
    expect(batcher.chunksPerEpoch).toBe(2)
    const shapes = Array.from({ length: 5 }, () => batcher.next().shape)
    expect(shapes).toEqual(Array(5).fill([2, 4]))
    expect(batcher.epoch).toBe(2)
  })

  it.each([0, 1, 3, 4])('goes on with the same chunks from a state saved after %i', (n) => {
    const original = new StreamBatcher(ids, { batchSize: 3, time: 3 })
    for (let i = 0; i < n; i++) original.next()
    const resumed = new StreamBatcher(ids, { batchSize: 3, time: 3 })
    resumed.restore(JSON.parse(JSON.stringify(original.state())))
    for (let i = 0; i < 7; i++) expect(resumed.next()).toEqual(original.next())
    expect(resumed.epoch).toBe(original.epoch)
  })

  it('refuses too few ids, bad sizes and states of other data', () => {
    expect(() => new StreamBatcher(ids, { batchSize: 24, time: 1 })).toThrow(
      'expected at least 25 ids for one chunk of 24 streams, got 24.',
    )
    expect(() => new StreamBatcher(ids, { batchSize: 4, time: 6, dropLast: true })).toThrow('expected at least 25 ids')
    expect(() => new StreamBatcher(new Int32Array(0), { batchSize: 1, time: 1 })).toThrow('expected at least 2 ids')
    expect(() => new StreamBatcher(ids, { batchSize: 1, time: 0 })).toThrow(
      'expected time to be a whole number of at least 1, got 0.',
    )
    const batcher = new StreamBatcher(ids, { batchSize: 2, time: 4 })
    expect(() => batcher.restore({ ...batcher.state(), time: 5 })).toThrow('expected a state with time 4, got 5.')
    expect(() => batcher.restore({ ...batcher.state(), dropLast: true })).toThrow(
      'expected a state with dropLast false, got true.',
    )
    expect(() => batcher.restore({ ...batcher.state(), position: 3 })).toThrow('expected a position below 3, got 3.')
    expect(() => batcher.restore({ kind: 'batch-sampler' })).toThrow("expected a state { kind: 'stream-batcher'")
  })
})
