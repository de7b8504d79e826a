import type { LabelPrediction } from '../labeling/labels.ts'
import type { Pipeline } from '../task/pipeline.ts'
import type { LabeledText, TextReader } from './text-reader.ts'

/** A text, or a pair of texts. */
export type ClassifiedText = string | readonly [string, string]

/** The most probable label of a text with the probabilities of all. */
export interface TextPrediction extends LabelPrediction {
  /** The labels from the threshold on, the most probable one first: present where a text may have several, or none. */
  readonly labels?: readonly string[]
}

export interface TextClassificationPipeline extends Pipeline<LabeledText, ClassifiedText, TextPrediction> {
  readonly labels: readonly string[]
  /** Whether a text may have several labels, or none. */
  readonly isMultiLabel: boolean
  readonly reader: TextReader
  readonly vocabSize: number
}
