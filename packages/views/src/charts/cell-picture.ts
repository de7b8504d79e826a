import { encode } from 'fast-png'

/** Longest side of a picture in pixels, unless its cells would be smaller than 4. */
const SIDE = 480
const LARGEST = 32
const SMALLEST = 4
/** Gray of the lines between cells. */
const LINE = 222
/** Red, green and blue of a cell of weight 1. */
const HUES = { blue: [37, 99, 201], red: [204, 43, 48] } as const

/**
 * A table of weights from 0 to 1 as a PNG file: white for 0, the full color for 1.
 *
 * @param weights [rows, columns]
 */
export function cellPicture(
  weights: readonly (readonly number[])[],
  hueOf: (row: number, column: number) => keyof typeof HUES = () => 'blue',
): { png: Uint8Array; width: number; height: number; channels: 3 } {
  const [rows, columns] = [weights.length, weights[0]?.length ?? 0]
  const cell = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(SIDE / Math.max(rows, columns, 1))))
  const [width, height] = [columns * cell + 1, rows * cell + 1]
  const data = new Uint8Array(width * height * 3).fill(LINE)
  for (const [i, row] of weights.entries()) {
    for (const [j, weight] of row.entries()) {
      const color = HUES[hueOf(i, j)].map((value) => Math.round(255 + Math.min(1, Math.max(0, weight)) * (value - 255)))
      for (let y = i * cell + 1; y < (i + 1) * cell; y++) {
        for (let x = j * cell + 1; x < (j + 1) * cell; x++) data.set(color, 3 * (y * width + x))
      }
    }
  }
  return { png: encode({ width, height, data, channels: 3 }), width, height, channels: 3 }
}
