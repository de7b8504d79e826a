import { HeddleError, parseConfig } from '@heddle/core'
import type { GrayPicture } from '@heddle/data'
import * as z from 'zod'
import type { Asset } from '../task/assets.ts'

const schema = z.strictObject({
  width: z.int().min(1),
  height: z.int().min(1),
  mean: z.number(),
  deviation: z.number().positive(),
})

/** Size of the training pictures, and mean and standard deviation of their pixels. */
export type PictureScale = z.output<typeof schema>

export type PictureSize = Pick<PictureScale, 'width' | 'height'>

export const pictureScaleAsset: Asset<PictureScale> = {
  file: 'pictures.json',
  toJSON: (scale) => scale,
  fromJSON: (json, where) => parseConfig(where, schema, json),
}

/** @throws HeddleError `data` unless all pictures have one size */
export function learnPictureScale(pictures: readonly GrayPicture[], where: string): PictureScale {
  const { width, height } = pictures[0]!
  let [count, sum, squares] = [0, 0, 0]
  for (const picture of pictures) {
    checkSize(picture, { width, height }, where)
    count += picture.pixels.length
    for (const value of picture.pixels) {
      sum += value
      squares += value ** 2
    }
  }
  const mean = sum / count
  // Pictures of a single gray keep their scale.
  return { width, height, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean ** 2)) || 1 }
}

/** @throws HeddleError `data` unless the picture has that size */
export function checkSize(picture: PictureSize, { width, height }: PictureSize, where: string): void {
  if (picture.width === width && picture.height === height) return
  throw new HeddleError(
    'data',
    `${where}: expected pictures of ${width} × ${height} pixels, as in training, got ${picture.width} × ${picture.height}. Scale them.`,
  )
}
