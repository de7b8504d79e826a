import { HeddleError } from '@heddle/core'
import type { GrayPicture } from '@heddle/data'

type PictureSize = Pick<GrayPicture, 'width' | 'height'>

/** A picture that is cut into `side`² patches of one size, numbered row by row. */
export interface PatchGrid extends PictureSize {
  /** Number of patches in a row and in a column. */
  readonly side: number
}

/** @throws HeddleError `config` for a picture that cannot be cut into this number of patches of whole pixels */
export function patchGrid({ width, height }: PictureSize, side: number, where: string): PatchGrid {
  if (width % side === 0 && height % side === 0) return { width, height, side }
  const fitting = Array.from({ length: Math.min(width, height) - 1 }, (_, i) => i + 2).filter(
    (n) => width % n === 0 && height % n === 0,
  )
  throw new HeddleError(
    'config',
    `${where}: expected a grid that divides pictures of ${width} × ${height} pixels into equal patches, got ${side}. ${fitting.length > 0 ? `Choose ${fitting.join(', ')}.` : 'Scale the pictures.'}`,
  )
}

/**
 * Number of the patch to which each pixel belongs.
 *
 * @returns [height, width], row-major
 */
export function patchOfPixels({ width, height, side }: PatchGrid): Uint16Array {
  return Uint16Array.from(
    { length: width * height },
    (_, i) => Math.floor((Math.floor(i / width) * side) / height) * side + Math.floor(((i % width) * side) / width),
  )
}

/**
 * Puts the patches of a picture in another order.
 *
 * @param order the patch to show at each place
 */
export function movePatches(pixels: Uint8Array, { width, height, side }: PatchGrid, order: Uint8Array): Uint8Array {
  const moved = new Uint8Array(pixels.length)
  const [across, down] = [width / side, height / side]
  const start = (place: number) => Math.floor(place / side) * down * width + (place % side) * across
  for (const [place, patch] of order.entries()) {
    for (let y = 0; y < down; y++) {
      const from = start(patch) + y * width
      moved.set(pixels.subarray(from, from + across), start(place) + y * width)
    }
  }
  return moved
}
