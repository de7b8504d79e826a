import type { Exhibit } from './exhibit.ts'

/** A generated text, after the prompt that it continues. */
export interface TextExhibit extends Exhibit {
  readonly kind: 'text'
  readonly prompt: string
  readonly text: string
}
