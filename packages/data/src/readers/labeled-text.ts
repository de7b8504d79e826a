import type { SplitExample } from './read-examples.ts'

/** A text with its class, or with the list of its labels, which may be empty. */
export interface LabeledText extends SplitExample {
  readonly text: string
  readonly label: string | readonly string[]
}
