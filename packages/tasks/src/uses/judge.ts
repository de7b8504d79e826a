import type { Row } from '@heddle/data'
import type { Abortable } from '../task/pipeline.ts'
import { AbilityKind } from './ability.ts'

/** Shows each example beside the model's prediction. */
export interface Judge<E> {
  /** A row for each example: what it is, `gold` the right answer, `prediction`, and a loss or probability. */
  judge(examples: readonly E[], options?: Abortable): Promise<readonly Row[]>
}

// biome-ignore lint/suspicious/noExplicitAny: a pipeline judges its own kind of examples
export const judging: AbilityKind<Judge<any>> = new AbilityKind('judge')
