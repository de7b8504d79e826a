import type { Report, TrialOutcome } from '../study/trial.ts'
import type { TrialJob } from './run-trial.ts'

/** A trial with the folder of its run. */
export interface TrialOrder {
  readonly job: TrialJob
  readonly folder: string
}

/** Messages to the process of a trial. */
export type ToTrial = { readonly type: 'run'; readonly order: TrialOrder } | { readonly type: 'abort' }

/** Messages of the process of a trial; the last three are its last word. */
export type FromTrial =
  | { readonly type: 'report'; readonly report: Report }
  | { readonly type: 'outcome'; readonly outcome: TrialOutcome }
  | { readonly type: 'aborted' }
  /** The trial could not be run here, by no fault of its own. */
  | { readonly type: 'refused'; readonly code: string; readonly message: string }
