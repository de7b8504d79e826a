import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { shiftPicture } from './shift-picture.ts'

it('moves a picture without wrapping it around', () => {
  const size = { width: 3, height: 3 }
  const middle = Uint8Array.of(0, 0, 0, 0, 9, 0, 0, 0, 0)
  const places = Array.from({ length: 100 }, (_, i) => shiftPicture(middle, size, 1, new RandomStream(i)).indexOf(9))
  expect(new Set(places).size).toBe(9)
  const corner = Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0)
  const moved = Array.from({ length: 100 }, (_, i) => shiftPicture(corner, size, 1, new RandomStream(i)).indexOf(9))
  expect(new Set(moved)).toEqual(new Set([-1, 0, 1, 3, 4]))
})
