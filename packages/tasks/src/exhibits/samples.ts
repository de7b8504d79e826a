import type { Exhibit } from './exhibit.ts'

/** One input, the model's output, and the expected one where it is known. */
export interface Sample {
  readonly input: string
  readonly output: string
  readonly expected?: string
}

/** A table of inputs and outputs, such as translations of unseen sentences. */
export interface SamplesExhibit extends Exhibit {
  readonly kind: 'samples'
  readonly samples: readonly Sample[]
}
