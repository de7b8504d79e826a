import type { Abortable } from '../task/pipeline.ts'
import { AbilityKind } from './ability.ts'

// M size of a vector

/** The vector from which a classifier scores the labels of an example. */
export interface LabeledVector {
  readonly vector: Float32Array // [M]
  /** The right label. */
  readonly label: string
  /** The example in a line, where it is a text. */
  readonly text?: string
}

/** Computes the vectors of examples, which show how a model separates labels. */
export interface VectorReader {
  /** @throws HeddleError `usage` for a model that does not return them */
  read(examples: readonly never[], options?: Abortable): Promise<readonly LabeledVector[]>
}

export const vectorReading = new AbilityKind<VectorReader>('vectors')
