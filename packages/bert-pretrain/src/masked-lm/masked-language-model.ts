import type { Module } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'

// B batch, T time, M masked tokens, V vocabulary

/** A model that predicts tokens from both sides, and whether two segments belong together if it can. */
export interface MaskedLanguageModel extends Module {
  /** Present in models that judge pairs of segments. */
  readonly nextSentence?: Module
  /** Capability: a pass may be causal. */
  readonly readsCausally?: boolean
  /**
   * @param ids [B, T], int32
   * @param lengths number of real tokens of each row, [B], int32
   * @param options `segments` [B, T] and `places` [M], int32: b·T + t for token t of row b; `causal`: a token sees only those before it
   * @returns logits [M, V] at the places, or [B, T, V] without; of the pairs [B, 2]
   */
  forward(
    ids: tf.Tensor,
    lengths?: tf.Tensor,
    options?: {
      readonly segments?: tf.Tensor | undefined
      readonly places?: tf.Tensor | undefined
      readonly causal?: boolean | undefined
    },
  ): { logits: tf.Tensor; pairLogits?: tf.Tensor }
}
