/** A text with the name of its class. */
export interface LabeledText {
  readonly text: string
  readonly label: string
}
