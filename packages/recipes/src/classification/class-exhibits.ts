/** How often each label was taken for each other. */
export interface ConfusionExhibit {
  readonly kind: 'confusion'
  readonly title: string
  readonly labels: readonly string[]
  /** `counts[i][j]`: how many with the label i were given the label j. */
  readonly counts: readonly (readonly number[])[]
}

/** A piece of a text with the label that it was given, and the right one. */
export interface LabelledPiece {
  readonly text: string
  readonly label: string
  readonly expected?: string
}

/** Texts with a label on every piece, such as sentences with the part of speech of every word. */
export interface LabelledTextExhibit {
  readonly kind: 'labelled-text'
  readonly title: string
  readonly texts: readonly (readonly LabelledPiece[])[]
}

/** A grey picture with the label that it was given, and the right one. */
export interface LabelledPicture {
  /** Row by row, from 0 (black) to 1 (white). */
  readonly pixels: readonly number[]
  readonly label: string
  readonly expected?: string
}

/** Pictures of one size with labels, in strips: the frames of a clip, or pictures side by side. */
export interface PicturesExhibit {
  readonly kind: 'pictures'
  readonly title: string
  readonly width: number
  readonly height: number
  readonly strips: readonly (readonly LabelledPicture[])[]
}
