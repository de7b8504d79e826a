/** A grey picture with its label. */
export interface LabelledImage {
  /** Row by row, from 0 (black) to 255. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly label: string
}
