import { HeddleError, parseConfig } from '@heddle/core'
import * as z from 'zod'
import type { RunFiles } from '../recipe.ts'
import { labelsOf } from './labels.ts'

const FILE = 'pictures.json'

const schema = z.strictObject({
  labels: z.array(z.string()),
  width: z.int().min(1),
  height: z.int().min(1),
  mean: z.number(),
  deviation: z.number().positive(),
})

/** What training pictures have in common: their labels, their size, the mean and standard deviation of their pixels. */
export type PictureFile = z.output<typeof schema>

/** A picture, or the frames of a clip one after the other, row by row. */
export interface Pixels {
  /** From 0 (black) to 255. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

/** The run's file about its pictures. */
export function pictureFiles(pictures: readonly Pixels[], labels: Iterable<string>, where: string): RunFiles {
  const { width, height } = pictures[0]!
  for (const picture of pictures) checkSize(picture, { width, height }, where)
  const file: PictureFile = { labels: labelsOf(labels, where), width, height, ...standardScale(pictures) }
  return { [FILE]: file }
}

export const readPictureFile = (files: RunFiles, where: string): PictureFile =>
  parseConfig(`${where}: ${FILE}`, schema, files[FILE])

/** @throws HeddleError `data` unless the picture has that size */
export function checkSize(picture: Pixels, { width, height }: Pick<Pixels, 'width' | 'height'>, where: string): void {
  if (picture.width === width && picture.height === height) return
  throw new HeddleError(
    'data',
    `${where}: expected pictures of ${width} × ${height} pixels, as in training, got ${picture.width} × ${picture.height}. Scale them.`,
  )
}

function standardScale(pictures: readonly Pixels[]): { mean: number; deviation: number } {
  let [count, sum, squares] = [0, 0, 0]
  for (const { pixels } of pictures) {
    count += pixels.length
    for (const value of pixels) {
      sum += value
      squares += value ** 2
    }
  }
  const mean = sum / count
  // Pictures of a single grey keep their scale.
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean ** 2)) || 1 }
}
