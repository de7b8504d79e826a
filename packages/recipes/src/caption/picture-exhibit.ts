/** A picture with the regions that the decoder looked at while it wrote each word of the caption. */
export interface AttendedPictureExhibit {
  readonly kind: 'attended-picture'
  readonly title: string
  readonly width: number
  readonly height: number
  /** [H, W, 3], from 0 to 255. */
  readonly pixels: readonly number[]
  /** Regions lie in rows and columns over the picture. */
  readonly rows: number
  readonly columns: number
  readonly words: readonly string[]
  /** `weights[t][s]`, region by region along the rows; each sums to 1. */
  readonly weights: readonly (readonly number[])[]
  readonly expected?: string
}
