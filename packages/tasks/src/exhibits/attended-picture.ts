import type { Exhibit } from './exhibit.ts'

/** A picture with the attention over its regions at each word of its caption. */
export interface AttendedPictureExhibit extends Exhibit {
  readonly kind: 'attended-picture'
  readonly width: number
  readonly height: number
  /** [H, W, 3], from 0 to 255. */
  readonly pixels: readonly number[]
  /** Rows and columns of regions over the picture. */
  readonly rows: number
  readonly columns: number
  readonly words: readonly string[]
  /** `weights[t][s]`, region by region along the rows; each row sums to 1. */
  readonly weights: readonly (readonly number[])[]
  readonly expected?: string
}
