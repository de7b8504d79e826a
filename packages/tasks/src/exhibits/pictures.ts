import type { Exhibit } from './exhibit.ts'

/** A gray picture with its predicted label, and the right one where it is known. */
export interface LabeledPicture {
  /** Row by row, from 0 (black) to 1 (white). */
  readonly pixels: readonly number[]
  readonly label: string
  readonly expected?: string
}

/** Pictures of one size with labels, in strips: the frames of a clip, or pictures side by side. */
export interface PicturesExhibit extends Exhibit {
  readonly kind: 'pictures'
  readonly width: number
  readonly height: number
  readonly strips: readonly (readonly LabeledPicture[])[]
}
