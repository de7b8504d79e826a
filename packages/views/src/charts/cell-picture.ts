import { type Color, Drawing, tint } from './drawing.ts'

/** Longest side of a picture in pixels, unless its cells would be smaller than 4. */
const SIDE = 480
const LARGEST = 32
const SMALLEST = 4
/** Color of the lines between cells. */
const LINE: Color = [222, 222, 222]
/** Color of a cell of weight 1. */
const HUES = { blue: [37, 99, 201], red: [204, 43, 48] } as const

/**
 * A table of weights from 0 to 1 as a PNG file: white for 0, the full color for 1.
 *
 * @param weights [rows, columns]
 */
export function cellPicture(
  weights: readonly (readonly number[])[],
  hueOf: (row: number, column: number) => keyof typeof HUES = () => 'blue',
): ReturnType<Drawing['picture']> {
  const [rows, columns] = [weights.length, weights[0]?.length ?? 0]
  const cell = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(SIDE / Math.max(rows, columns, 1))))
  const drawing = new Drawing({ width: columns * cell + 1, height: rows * cell + 1 }, LINE)
  const inside = { width: cell - 1, height: cell - 1 }
  for (const [i, row] of weights.entries()) {
    for (const [j, weight] of row.entries()) {
      drawing.fill(j * cell + 1, i * cell + 1, inside, tint(HUES[hueOf(i, j)], weight))
    }
  }
  return drawing.picture()
}
