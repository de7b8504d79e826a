/** The layout of a PNG file's pixels. */
export interface PngLayout {
  readonly width: number
  readonly height: number
  readonly bitsPerPixel: number
  readonly isInterlaced: boolean
}

/** A reduced picture: every `stepX`-th pixel of every `stepY`-th row. */
export interface PngPass {
  readonly left: number
  readonly top: number
  readonly stepX: number
  readonly stepY: number
  readonly width: number
  readonly height: number
  readonly rowBytes: number
}

/** Starts and steps of the seven passes of Adam7. */
const ADAM7: readonly (readonly [left: number, top: number, stepX: number, stepY: number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
]

/** Returns the passes in which a file holds its pixels; passes without pixels are left out. */
export function pngPasses({ width, height, bitsPerPixel, isInterlaced }: PngLayout): PngPass[] {
  const passes = isInterlaced ? ADAM7 : [[0, 0, 1, 1] as const]
  return passes.flatMap(([left, top, stepX, stepY]) => {
    const size = { width: Math.ceil((width - left) / stepX), height: Math.ceil((height - top) / stepY) }
    if (size.width <= 0 || size.height <= 0) return []
    return [{ left, top, stepX, stepY, ...size, rowBytes: Math.ceil((size.width * bitsPerPixel) / 8) }]
  })
}

/**
 * Undoes the filter of a row in place.
 *
 * @param previous the row above, zeros for the first
 * @param distance bytes from a pixel to the next, at least 1
 * @returns false for an unknown filter
 */
export function unfilter(filter: number, row: Uint8Array, previous: Uint8Array, distance: number): boolean {
  if (filter > 4) return false
  if (filter === 0) return true
  for (let i = 0; i < row.length; i++) {
    const left = i >= distance ? row[i - distance]! : 0
    const up = previous[i]!
    if (filter === 1) row[i]! += left
    else if (filter === 2) row[i]! += up
    else if (filter === 3) row[i]! += (left + up) >> 1
    else row[i]! += paeth(left, up, i >= distance ? previous[i - distance]! : 0)
  }
  return true
}

/** The neighbor that is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}
