import { expect, it } from 'vitest'
import { concatenate } from './concatenate.ts'

it('joins arrays in their order into a new one', () => {
  const first = Int32Array.of(1, 2)
  const whole = concatenate(Int32Array, [first, new Int32Array(0), Int32Array.of(3)])
  expect(whole).toEqual(Int32Array.of(1, 2, 3))
  const copy = concatenate(Int32Array, [first])
  copy[0] = 9
  expect(first[0]).toBe(1)
  expect(concatenate(Uint8Array, [])).toEqual(new Uint8Array(0))
})
