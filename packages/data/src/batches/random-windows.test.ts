import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { RandomWindows } from './random-windows.ts'

const ids = Int32Array.from({ length: 20 }, (_, i) => i)
const make = (seed = 1) => new RandomWindows(ids, { batchSize: 4, time: 3, rng: new RandomStream(seed) })

describe('RandomWindows', () => {
  it('cuts whole windows whose targets are the next ids', () => {
    const { inputs, targets, shape } = make().next()
    expect(shape).toEqual([4, 3])
    expect([...targets]).toEqual([...inputs].map((id) => id + 1))
    for (let b = 0; b < 4; b++) expect(inputs[b * 3 + 2]! - inputs[b * 3]!).toBe(2)
  })

  it('reaches every place about equally often, the last one too', () => {
    const windows = make()
    const starts = new Float64Array(17)
    for (let i = 0; i < 4250; i++) {
      const { inputs } = windows.next()
      for (let b = 0; b < 4; b++) starts[inputs[b * 3]!]!++
    }
    // 1000 expected, standard deviation 30.7.
    for (const count of starts) expect(Math.abs(count - 1000)).toBeLessThan(5 * 30.7)
  })

  it('goes on with the same windows from a saved state', () => {
    const original = make()
    for (let i = 0; i < 5; i++) original.next()
    const resumed = make(99)
    resumed.restore(JSON.parse(JSON.stringify(original.state())))
    expect(resumed.epoch).toBe(2)
    for (let i = 0; i < 5; i++) expect(resumed.next()).toEqual(original.next())
    expect(resumed.state()).toEqual(original.state())
  })

  it('counts epochs by targets drawn', () => {
    const windows = make()
    expect(windows.batchesPerEpoch).toBe(2)
    windows.next()
    expect(windows.epoch).toBe(0)
    windows.next()
    expect(windows.epoch).toBe(1)
  })

  it('refuses a text shorter than a window and a state of other data', () => {
    const rng = new RandomStream(1)
    expect(() => new RandomWindows(ids, { batchSize: 1, time: 20, rng })).toThrow(
      'expected at least 21 ids for a window of 20, got 20.',
    )
    expect(new RandomWindows(ids, { batchSize: 1, time: 19, rng }).next().inputs[0]).toBe(0)
    expect(() => make().restore({ ...make().state(), numIds: 21 })).toThrow('expected a state with numIds 20, got 21.')
  })
})
