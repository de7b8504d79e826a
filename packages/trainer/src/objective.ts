import type { StateDict } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'

export interface ObjectiveLoss {
  /** Mean over the batch, to be minimized. */
  readonly loss: tf.Scalar
  /** Further means over the batch, for the log and for early stopping. */
  readonly metrics?: Readonly<Record<string, tf.Scalar>>
  /** Number of items the means are taken over, such as tokens, so that batches average exactly (default: the examples). */
  readonly weight?: number
  /** The same number for metrics of other items than the loss, by name. */
  readonly metricWeights?: Readonly<Record<string, number>>
}

export interface ObjectiveContext {
  /** Number of steps made so far; scheduled sampling and the like depend on it. */
  readonly step: number
  /** False in validation. */
  readonly training: boolean
}

/**
 * Turns examples into a batch and a batch into the loss that the trainer minimizes.
 *
 * Public fields that are random streams (for masking, for scheduled sampling) become part of each checkpoint.
 *
 * @typeParam E one example
 * @typeParam B a batch, with tensors anywhere inside
 */
export interface Objective<E, B> {
  collate(examples: readonly E[]): B
  /** Differentiated by the trainer, which also owns the scope: everything but the returned tensors is freed. */
  loss(batch: B, context: ObjectiveContext): ObjectiveLoss
  /**
   * Capability: the same loss as Python code, `def loss(model, batch, step, state)`. A batch holds its tensors by path; the function
   * returns the loss and the state for the next batch.
   */
  readonly pyTorch?: string
  /** Frees a batch (default: every tensor inside it). */
  dispose?(batch: B): void
  /** State carried from one batch to the next, such as the hidden state of truncated back-propagation through time. */
  state?(): StateDict | Promise<StateDict>
  /** Sets the carried state; an empty one starts afresh. Each validation starts with an empty state and sets the old one back. */
  restore?(state: StateDict): void
}
