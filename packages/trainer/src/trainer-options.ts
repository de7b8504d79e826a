import type { Module } from '@heddle/layers'
import type { BatchSource } from './batch-source.ts'
import type { Objective } from './objective.ts'
import type { Optimizer } from './optimizers/optimizer.ts'
import type { TrainingRecorder } from './recorder.ts'
import type { RunStore } from './run/run-store.ts'
import type { Schedule } from './schedules/schedule.ts'
import type { WeightAveraging } from './weight-average.ts'

export interface TrainerOptions<E, B> {
  readonly model: Module
  readonly objective: Objective<E, B>
  readonly train: BatchSource<E>
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  /** Number of updates to make in all. */
  readonly steps: number

  /** Held-out examples, or a function that returns them in batches. */
  readonly validation?: readonly E[] | ((signal?: AbortSignal) => Iterable<readonly E[]> | AsyncIterable<readonly E[]>)
  /** Size of the batches that held-out examples are split into (default 32). */
  readonly validationBatchSize?: number
  /** Further validation metrics, such as the exact match of decoded output; the model is in evaluation mode. */
  readonly evaluate?: (signal?: AbortSignal) => Promise<Record<string, number>>
  /** Steps between validations (default: the batches of an epoch); the last step is always validated. */
  readonly evaluateEvery?: number
  /** Validation metric that decides which weights are best (default 'loss'). */
  readonly monitor?: string
  /** 'min' (default) when less of it is better, 'max' when more is. */
  readonly mode?: 'min' | 'max'
  /** Validations without improvement after which training ends (default: never). */
  readonly patience?: number
  /** Change of the monitored metric that counts as an improvement for the patience (default 0: any). */
  readonly minChange?: number
  /** Number of validations whose weights are kept in the store, the best ones (default 1). */
  readonly keepBest?: number

  /** Largest L2 norm of the whole gradient. */
  readonly clipNorm?: number
  /** Largest absolute value of each number of the gradient. */
  readonly clipValue?: number
  /** Batches whose gradients are averaged for one update (default 1). */
  readonly accumulate?: number
  /**
   * Treatment of a step whose loss or gradient is not finite: 'stop' training with an error (default), or 'skip' its update.
   * Either way the first module whose output was not finite is named.
   */
  readonly nonFinite?: 'stop' | 'skip'
  /** Uses an average of the weights for validation and for the result instead of the weights of one step. */
  readonly weightAveraging?: WeightAveraging

  /** Store for checkpoints, the log and the final weights (default: none). */
  readonly store?: RunStore
  /** Steps between checkpoints (default: as `evaluateEvery`); the last step is always saved. */
  readonly checkpointEvery?: number
  /** Continues from the store's checkpoint, if it has one (default false). */
  readonly resume?: boolean
  /**
   * Whether the log has histograms of weights and gradients by module, at steps that are validated; of many at fewer and fewer of
   * them (default false).
   */
  readonly logHistograms?: boolean
  /** Records of the training in other forms, such as {@link TensorBoard}'s (default none). */
  readonly recorders?: readonly TrainingRecorder[]
  /** Steps between lines of the log (default 1). */
  readonly logEvery?: number
  readonly events?: TrainerEvents
}

export interface StepEvent {
  /** Number of updates made, this one included. */
  readonly step: number
  readonly steps: number
  readonly epoch: number
  readonly loss: number
  readonly metrics: Readonly<Record<string, number>>
  readonly learningRate: number
  /** Norm of the gradient before clipping by norm. */
  readonly gradientNorm: number
  /** Tokens (or other items that the objective's weight counts) per second, averaged over the last steps. */
  readonly tokensPerSecond: number
  /** Milliseconds of training in all, also before the run was resumed. */
  readonly elapsedMs: number
  /** Estimate of the time until the last step; undefined in the first steps, when there is nothing to estimate it from. */
  readonly remainingMs: number | undefined
}

/** A step without an update, as its loss or gradient was not finite. */
export interface SkippedEvent {
  /** Number of steps made, this one included. */
  readonly step: number
  readonly epoch: number
  readonly loss: number
  readonly gradientNorm: number
  readonly learningRate: number
  /** The place where numbers stopped being finite, as a sentence. */
  readonly reason: string
}

export interface ValidationEvent {
  readonly step: number
  readonly epoch: number
  readonly metrics: Readonly<Record<string, number>>
  /** Whether the monitored metric is the best so far. */
  readonly best: boolean
}

export interface TrainerEvents {
  onStep?(event: StepEvent): void
  onSkipped?(event: SkippedEvent): void
  onValidation?(event: ValidationEvent): void
  onCheckpoint?(event: { readonly step: number }): void
  onEnd?(result: TrainingResult): void
}

export interface TrainingResult {
  /** Number of updates made in all. */
  readonly steps: number
  /** Reason for the end of training: all steps made, patience used up, or the signal. */
  readonly reason: 'finished' | 'patience' | 'aborted'
  /** Loss of the last step; NaN when no step was made. */
  readonly loss: number
  /** Step at which the monitored metric was best, with all metrics of that validation. */
  readonly best:
    | { readonly step: number; readonly value: number; readonly metrics: Readonly<Record<string, number>> }
    | undefined
  readonly elapsedMs: number
}
