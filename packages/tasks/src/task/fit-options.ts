import type { RunStore, TrainerEvents } from '@heddle/trainer'
import type { Provenance } from '../run/run-config.ts'
import type { TaskRecorder } from './task-recorder.ts'

/** Options of the training of a task. */
export interface FitOptions<E> {
  /** Held-out examples by which the best weights are chosen (default: none; the last weights are kept). */
  readonly validation?: readonly E[]
  /** Number of weight updates instead of the one in the settings. */
  readonly steps?: number
  /** Keeps checkpoints, the log and the final weights (default: none are kept). */
  readonly store?: RunStore
  /** Continues from the store's checkpoint (default false). */
  readonly resume?: boolean
  /** Origin of the examples, for the run's config.json. */
  readonly provenance?: Provenance
  /**
   * Stops after the current step, with a checkpoint and the reason 'aborted'. Before the first step, while the tokenizer is learned, `fit`
   * rejects with the signal's reason.
   */
  readonly signal?: AbortSignal
  readonly events?: TrainerEvents & { onPrepared?(): void | Promise<void> }
  /** Records of the training beside the log, such as TensorBoard's (default none). */
  readonly recorders?: readonly TaskRecorder[]
}
