import type { SplitExample } from './read-examples.ts'

/** A text with its class. */
export interface LabeledText extends SplitExample {
  readonly text: string
  readonly label: string
}
