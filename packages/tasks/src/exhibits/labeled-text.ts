import type { Exhibit } from './exhibit.ts'

/** A word with its predicted label, and the right one where it is known. */
export interface LabeledWord {
  readonly text: string
  readonly label: string
  readonly expected?: string
}

/** Texts with a label on every word, such as sentences with parts of speech. */
export interface LabeledTextExhibit extends Exhibit {
  readonly kind: 'labeled-text'
  readonly texts: readonly (readonly LabeledWord[])[]
}
