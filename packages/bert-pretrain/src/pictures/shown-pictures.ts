import type { GrayPicture } from '@heddle/data'
import type { PicturesExhibit } from '@heddle/tasks'

export interface ShownPicture {
  /** From 0 to 255. */
  readonly pixels: Uint8Array
  readonly label: string
}

/** Strips of pictures of one size, each with what it shows. */
export function besideEachOther(
  title: string,
  { width, height }: Pick<GrayPicture, 'width' | 'height'>,
  strips: readonly (readonly ShownPicture[])[],
): PicturesExhibit {
  const shown = strips.map((strip) =>
    strip.map(({ pixels, label }) => ({ pixels: Array.from(pixels, (pixel) => pixel / 255), label })),
  )
  return { kind: 'pictures', title, width, height, strips: shown }
}
