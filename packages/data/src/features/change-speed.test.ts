import { expect, it } from 'vitest'
import { changeSpeed } from './change-speed.ts'

const ramp = Float32Array.from({ length: 100 }, (_, i) => i)

it('changes speed by interpolation', () => {
  expect([...changeSpeed(ramp, 2).subarray(0, 4)]).toEqual([0, 2, 4, 6])
  expect([...changeSpeed(ramp, 0.5).subarray(0, 4)]).toEqual([0, 0.5, 1, 1.5])
  expect(changeSpeed(ramp, 1)).toEqual(ramp)
})

it('leaves at least one sample', () => {
  expect([...changeSpeed(ramp, 1000)]).toEqual([0])
})

it('refuses a ratio that is not above 0', () => {
  for (const ratio of [0, -1, Number.NaN]) expect(() => changeSpeed(ramp, ratio)).toThrow('expected a ratio above 0')
})
