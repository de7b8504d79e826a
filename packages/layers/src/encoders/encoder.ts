import { ExtensionPoint } from '@heddle/core'
import type * as tf from '@tensorflow/tfjs-core'
import type { Module } from '../module.ts'
import type { BuildContext } from '../points.ts'
import type { EncoderInput } from './encoder-input.ts'

// B batch, T steps, D size of a step's vector, M size of the summary, N size of a state tensor

/** Output of an {@link Encoder}. */
export interface EncoderOutput {
  /** A vector for each step: [B, T, D]. A step is a token, a frame of sound, a region of a picture. Those past a length have no meaning. */
  readonly outputs: tf.Tensor
  /** A vector for the whole input: [B, M]. */
  readonly summary: tf.Tensor
  /** True at the steps that are real, [B, T], bool. All steps are real when it is missing. */
  readonly mask?: tf.Tensor
  /** Final state of each layer, bottom to top, each tensor [B, N]. Only encoders with `stateSizes` have one. */
  readonly state?: readonly (readonly tf.Tensor[])[]
}

export interface EncoderOptions {
  /** Number of real steps in each row, [B], int32. All steps are real when it is missing. */
  readonly lengths?: tf.Tensor
  /**
   * Segment of each token, [B, T], int32: 0 for the first text of a pair, 1 for the second (`token_type_ids`). Every token is in
   * segment 0 when it is missing. Encoders without segment embeddings read the pair as one text.
   */
  readonly segments?: tf.Tensor
  /** Whether a step sees only itself and the steps before it, in this pass. Encoders that `readsCausally` take it; others do not. */
  readonly causal?: boolean
}

/** Options of an encoder from those of a model, without the missing ones. */
export function encoderOptions(lengths?: tf.Tensor, segments?: tf.Tensor): EncoderOptions {
  return { ...(lengths && { lengths }), ...(segments && { segments }) }
}

/**
 * Reads an input and gives a vector for each step and one for the whole. Classifiers, taggers and decoders build on it.
 *
 * `outputs` within a row's length and `summary` do not depend on the values past it.
 */
export interface Encoder extends Module {
  /** D, the last axis of `outputs`. */
  readonly outputSize: number
  /** M, the last axis of `summary`. */
  readonly summarySize: number
  /** N of each tensor of `state`, layer by layer; missing in encoders without a state. */
  readonly stateSizes?: readonly (readonly number[])[]
  /** Capability: a pass may be causal, although the encoder sees both sides otherwise. */
  readonly readsCausally?: boolean

  /** @param inputs tokens [B, T] of int32, vectors [B, T, F] or pictures [B, height, width, channels] */
  forward(inputs: tf.Tensor, options?: EncoderOptions): EncoderOutput
}

/** Context in which an encoder is built. */
export interface EncoderContext extends BuildContext {
  /** Kind and size of the data. */
  readonly input: EncoderInput
}

/** Encoders: networks that read tokens, vectors or pictures, for any model that starts with reading. */
export const encoderPoint = new ExtensionPoint<Encoder, EncoderContext>('encoder')
