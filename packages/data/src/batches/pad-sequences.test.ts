import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { padSequences } from './pad-sequences.ts'

const sequences = [[1, 2, 3], [], Int32Array.of(4)]

describe('padSequences', () => {
  it('pads to the longest on the right', () => {
    expect(padSequences(sequences, { value: 9 })).toEqual({
      data: Int32Array.of(1, 2, 3, 9, 9, 9, 4, 9, 9),
      shape: [3, 3],
      lengths: Int32Array.of(3, 0, 1),
    })
  })

  it('pads on the left', () => {
    expect([...padSequences(sequences, { value: 0, side: 'left' }).data]).toEqual([1, 2, 3, 0, 0, 0, 0, 0, 4])
  })

  it('pads to a length, and to a multiple', () => {
    expect(padSequences(sequences, { value: 0, length: 5 }).shape).toEqual([3, 5])
    expect(padSequences(sequences, { value: 0, multipleOf: 8 }).shape).toEqual([3, 8])
    expect(padSequences(sequences, { value: 0, length: 5, multipleOf: 4 }).shape).toEqual([3, 8])
    expect(padSequences([], { value: 0 })).toEqual({
      data: new Int32Array(0),
      shape: [0, 0],
      lengths: new Int32Array(0),
    })
  })

  it('cuts sequences that are too long only on demand, at the end that is named', () => {
    expect(() => padSequences(sequences, { value: 0, length: 2 })).toThrow(
      'padSequences: expected sequences of at most 2 ids, got one of 3. Raise length, or pass truncate.',
    )
    const cut = (truncate: 'start' | 'end') => padSequences(sequences, { value: 0, length: 2, truncate })
    expect([...cut('end').data]).toEqual([1, 2, 0, 0, 4, 0])
    expect([...cut('start').data]).toEqual([2, 3, 0, 0, 4, 0])
    expect([...cut('end').lengths]).toEqual([2, 0, 1])
  })

  it('loses nothing: the rows without padding are the sequences', () => {
    const ids = fc.array(fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 12 }), { maxLength: 8 })
    fc.assert(
      fc.property(ids, fc.constantFrom('left' as const, 'right' as const), (batch, side) => {
        const { data, shape, lengths } = padSequences(batch, { value: 0, side })
        const rows = batch.map((_, b) => [...data.subarray(b * shape[1], (b + 1) * shape[1])])
        expect(rows.map((row) => row.filter((id) => id !== 0))).toEqual(batch)
        expect([...lengths]).toEqual(batch.map((row) => row.length))
        for (const row of rows)
          expect(side === 'left' ? row.lastIndexOf(0) : [...row].reverse().lastIndexOf(0)).toBeLessThan(
            Math.max(1, row.filter((id) => id === 0).length),
          )
      }),
    )
  })

  it('refuses lengths that are none', () => {
    expect(() => padSequences([], { value: 0, length: 0 })).toThrow(
      'expected length to be a whole number of at least 1, got 0.',
    )
    expect(() => padSequences([], { value: 0, multipleOf: 1.5 })).toThrow(
      'expected multipleOf to be a whole number of at least 1, got 1.5.',
    )
  })
})
