import { HeddleError } from '@heddle/core'
import { convertIndexedToRgb, decode } from 'fast-png'

// H height, W width

/** A picture in colors. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** [H, W, 3], row-major, red, green and blue from 0 to 1. */
  readonly pixels: Float32Array
}

/**
 * Reads a PNG with a palette, or of 8 or 16 bits a color; what is transparent by its alpha channel shows white.
 *
 * @param options.file the name for messages
 * @throws HeddleError `format`
 * @see https://www.w3.org/TR/png-3/
 */
export function parsePng(bytes: Uint8Array, { file = 'png' }: { readonly file?: string } = {}): Picture {
  let image: ReturnType<typeof decode>
  try {
    image = decode(bytes)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HeddleError('format', `${file}: expected a PNG picture, got an error: ${reason}. Convert it to PNG.`, {
      cause,
    })
  }
  const { width, height } = image
  if (image.palette === undefined && image.depth < 8) {
    throw new HeddleError('format', `${file}: expected 8 or 16 bits a color, got ${image.depth}. Convert it.`)
  }
  const isIndexed = image.palette !== undefined
  const values = isIndexed ? convertIndexedToRgb(image) : image.data
  const channels = isIndexed ? values.length / (width * height) : image.channels
  const most = isIndexed ? 255 : 2 ** image.depth - 1
  const pixels = new Float32Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const value = (channel: number) => values[i * channels + channel]! / most
    const alpha = channels % 2 === 0 ? value(channels - 1) : 1
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = 1 - alpha + alpha * value(channels < 3 ? 0 : c)
  }
  return { width, height, pixels }
}
