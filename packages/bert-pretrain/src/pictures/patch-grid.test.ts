import { expect, it } from 'vitest'
import { movePatches, patchGrid, patchOfPixels } from './patch-grid.ts'

const pixels = Uint8Array.from({ length: 24 }, (_, i) => i)
const grid = patchGrid({ width: 6, height: 4 }, 2, 'test')

it('numbers the patches row by row', () => {
  expect([...patchOfPixels(grid)]).toEqual(
    [
      [0, 0, 0, 1, 1, 1],
      [0, 0, 0, 1, 1, 1],
      [2, 2, 2, 3, 3, 3],
      [2, 2, 2, 3, 3, 3],
    ].flat(),
  )
})

it('shows at each place the patch of the order', () => {
  expect([...movePatches(pixels, grid, Uint8Array.of(3, 1, 0, 2))]).toEqual(
    [
      [15, 16, 17, 3, 4, 5],
      [21, 22, 23, 9, 10, 11],
      [0, 1, 2, 12, 13, 14],
      [6, 7, 8, 18, 19, 20],
    ].flat(),
  )
})

it('puts patches back with the inverse order', () => {
  const order = Uint8Array.of(2, 0, 3, 1)
  const inverse = Uint8Array.from(order, (_, place) => order.indexOf(place))
  expect(movePatches(movePatches(pixels, grid, order), grid, inverse)).toEqual(pixels)
})

it('says which grids a picture can be cut into', () => {
  expect(() => patchGrid({ width: 12, height: 12 }, 5, 'jigsaw')).toThrow(
    'jigsaw: expected a grid that divides pictures of 12 × 12 pixels into equal patches, got 5. Choose 2, 3, 4, 6, 12.',
  )
})
