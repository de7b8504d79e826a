import { HeddleError } from '@heddle/core'
import { gunzip, gunzipLimit, isGzip } from './gunzip.ts'

// H height, W width, C channels

/** Pictures of the same size. */
export interface ImageSet {
  /** [..., H, W, C]. The axes before the last three count the pictures, such as style by subject. */
  readonly shape: readonly number[]
  /** Row-major, from 0 to 255. */
  readonly data: Uint8Array
}

export interface ImageSetOptions {
  /** The file's name, for messages, and for the shape. */
  readonly file: string
  /** The shape, where the file's name does not hold it. */
  readonly shape?: readonly number[]
}

/**
 * Reads pictures of the same size from raw bytes, packed with gzip or not. The file's name holds the shape, as in
 * `images_1891x24x24x3_u8.bin.gz`: numbers joined by x, of which the last three are height, width and channels.
 *
 * @throws HeddleError `format` for a name without a shape, or another number of bytes
 */
export async function parseImageSet(bytes: Uint8Array, { file, shape }: ImageSetOptions): Promise<ImageSet> {
  const dimensions = shape ?? shapeInName(file)
  if (dimensions === undefined || dimensions.length < 3 || dimensions.some((n) => !(Number.isInteger(n) && n > 0))) {
    throw new HeddleError(
      'format',
      `${file}: expected a shape such as 100x24x24x3 in the file's name, got none. Rename the file, or pass its shape.`,
    )
  }
  const size = dimensions.reduce((product, n) => product * n, 1)
  const data = isGzip(bytes)
    ? await gunzip(bytes, { file, maxBytes: Math.min(size + 1, gunzipLimit(bytes.length)) })
    : bytes
  if (data.length !== size) {
    throw new HeddleError(
      'format',
      `${file}: expected ${size} bytes for the shape ${dimensions.join('x')}, got ${data.length > size ? 'more' : data.length}. Fetch the file again, or correct the shape.`,
    )
  }
  return { shape: dimensions, data }
}

function shapeInName(file: string): number[] | undefined {
  const name = file.split(/[/\\]/).at(-1)!
  return /(?<![\da-z])(\d+(?:x\d+){2,})(?![\dx])/i.exec(name)?.[1]?.split('x').map(Number)
}
