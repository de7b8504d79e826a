import type { StateDict } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'

export interface TaskLoss {
  /** What is minimised: a mean over the batch. */
  readonly loss: tf.Scalar
  /** Further means over the batch, for the log and for early stopping. */
  readonly metrics?: Readonly<Record<string, tf.Scalar>>
  /** What the means are over, such as the number of tokens, so that batches average exactly (default: the examples). */
  readonly weight?: number
}

export interface TaskContext {
  /** Steps made so far: what scheduled sampling and the like depend on. */
  readonly step: number
  /** False in validation. */
  readonly training: boolean
}

/**
 * What a model is trained to do.
 *
 * Public fields that are random streams (for masking, for scheduled sampling) are a part of each checkpoint.
 *
 * @typeParam E an example as the data hold it
 * @typeParam B a batch as the model takes it, with tensors anywhere inside
 */
export interface Task<E, B> {
  collate(examples: readonly E[]): B
  /** Differentiated by the trainer, which also owns the scope: everything but the returned tensors is freed. */
  loss(batch: B, context: TaskContext): TaskLoss
  /** Frees a batch (default: every tensor inside it). */
  dispose?(batch: B): void
  /** What is carried from one batch to the next, such as the hidden state of truncated back-propagation through time. */
  state?(): StateDict | Promise<StateDict>
  /** Sets what is carried; an empty state starts afresh. Called with one around each validation. */
  restore?(state: StateDict): void
}
