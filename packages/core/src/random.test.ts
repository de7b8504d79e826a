import { describe, expect, test } from 'vitest'
import { philox4x32 } from './philox.ts'
import { RandomStream } from './random.ts'

const hex = (words: readonly number[]) => words.map((w) => w.toString(16).padStart(8, '0')).join(' ')

test('philox gives the known answers of the Random123 library', () => {
  expect(hex(philox4x32([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8')
  const ones = 0xffffffff
  expect(hex(philox4x32([ones, ones, ones, ones], [ones, ones]))).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd')
  expect(hex(philox4x32([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))).toBe(
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  )
})

describe('RandomStream', () => {
  test('one seed gives one sequence, another seed another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 9 },
        (
          (rng) => () =>
            rng.uint32()
        )(new RandomStream(seed)),
      )
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    expect(draw(2 ** 40)).not.toEqual(draw(0))
  })

  test('a split stream does not depend on what its parent draws', () => {
    const a = new RandomStream(3)
    const b = new RandomStream(3)
    for (let i = 0; i < 10; i++) a.uniform()
    const [first, second] = [a.split(), a.split()]
    expect(first.uint32()).toBe(b.split().uint32())
    expect(second.state().key).not.toEqual(first.state().key)
  })

  test('a saved state goes on with the same numbers, through JSON', () => {
    const rng = new RandomStream(11)
    rng.split()
    for (let i = 0; i < 7; i++) rng.normal()
    const copy = RandomStream.fromState(JSON.parse(JSON.stringify(rng.state())))
    expect([copy.uniform(), copy.integer(10), copy.split().uint32()]).toEqual([
      rng.uniform(),
      rng.integer(10),
      rng.split().uint32(),
    ])
  })

  test('uniform numbers lie in [0, 1) with mean 1/2 and variance 1/12', () => {
    const rng = new RandomStream(1)
    const values = Array.from({ length: 20000 }, () => rng.uniform())
    const mean = values.reduce((a, b) => a + b) / values.length
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(mean).toBeCloseTo(0.5, 2)
    expect(variance).toBeCloseTo(1 / 12, 2)
  })

  test('normal numbers have the mean and the deviation asked for', () => {
    const rng = new RandomStream(2)
    const values = Array.from({ length: 20000 }, () => rng.normal(3, 2))
    const mean = values.reduce((a, b) => a + b) / values.length
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)
    expect(Math.abs(mean - 3)).toBeLessThan(0.06)
    expect(Math.abs(deviation - 2)).toBeLessThan(0.06)
  })

  test('integers are even over their range', () => {
    const rng = new RandomStream(4)
    const counts = [0, 0, 0, 0, 0]
    for (let i = 0; i < 10000; i++) counts[rng.integer(5)]!++
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })

  test('weighted draws follow the weights and never take a zero', () => {
    const rng = new RandomStream(5)
    const counts = [0, 0, 0]
    for (let i = 0; i < 6000; i++) counts[rng.weighted([1, 0, 2])]!++
    expect(counts[1]).toBe(0)
    expect(Math.abs(counts[0]! - 2000)).toBeLessThan(200)
    expect(() => rng.weighted([0, 0])).toThrow(/positive finite sum/)
    expect(() => rng.weighted([Number.NaN])).toThrow(/positive finite sum/)
  })

  test('shuffling keeps every item and leaves its input alone', () => {
    const items = Array.from({ length: 50 }, (_, i) => i)
    const shuffled = new RandomStream(6).shuffled(items)
    expect(shuffled).not.toEqual(items)
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items)
  })

  test('wrong seeds, ranges and states are refused', () => {
    expect(() => new RandomStream(-1)).toThrow(/seed/)
    expect(() => new RandomStream(1.5)).toThrow(/seed/)
    expect(() => new RandomStream(0).integer(0)).toThrow(/from 1/)
    expect(() => new RandomStream(0).pick([])).toThrow(/at least one item/)
    expect(() => RandomStream.fromState({ key: [1], drawn: 0, splits: 0 } as never)).toThrow(/expected a state/)
  })
})
