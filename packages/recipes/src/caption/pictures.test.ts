import { expect, it } from 'vitest'
import { nearestCaptions } from './nearest-pictures.ts'

it('takes the caption of the picture with the nearest pixels for the baseline', () => {
  const picture = (value: number) => ({
    name: '',
    style: 0,
    width: 2,
    height: 2,
    pixels: new Float32Array(12).fill(value),
  })
  const train = [0.1, 0.5, 0.9].map((value) => ({ source: picture(value), target: `${value}` }))
  const test = [0.85, 0.2].map((value) => ({ source: picture(value), target: '' }))
  expect(nearestCaptions(train, test)).toEqual(['0.9', '0.1'])
})
