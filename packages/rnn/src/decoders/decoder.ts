import type { PreparedMemory } from '@heddle/attention'
import { HeddleError } from '@heddle/core'
import type { Embedding, EncoderOutput, Linear, Module } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'

// B batch, T steps of the target, S steps of the source, H hidden size, V vocabulary

/** State that a decoder carries from step to step; every tensor has the batch first. */
export interface DecoderState {
  readonly layers: readonly RecurrentState[]
  /** Source that the attention looks at. */
  readonly source?: PreparedMemory
  /** Last attentional vector, for input feeding: [B, H]. */
  readonly feed?: tf.Tensor
}

export interface DecoderOptions {
  /** Probability that a step reads the true token and not the decoder's own best one (default 1). */
  readonly teacherForcing?: number
}

/** Output of a decoder for a whole target. */
export interface DecoderOutput {
  /** [B, T, V] */
  readonly logits: tf.Tensor
  /** Share of each source step in the context of each target step, [B, T, S]; only with attention. */
  readonly attention?: tf.Tensor
  readonly state: DecoderState
}

/** Output of a decoder for one step. */
export interface DecoderStep {
  /** [B, V] */
  readonly logits: tf.Tensor
  /** [B, S]; only with attention. */
  readonly attention?: tf.Tensor
  readonly state: DecoderState
}

/** Recurrent network that writes a target token by token. The kinds differ in how they look at the source. */
export interface RecurrentDecoder extends Module {
  readonly embedding: Embedding
  readonly output: Linear
  readonly recurrent: Recurrent

  /**
   * State before the first token.
   *
   * @param layers state of each recurrent layer, as a {@link Bridge} makes it
   * @param source output of the encoder
   */
  initialState(layers: readonly RecurrentState[], source: EncoderOutput): DecoderState

  /**
   * One token further: the step interface of decoding.
   *
   * @param tokens [B], int32
   */
  step(tokens: tf.Tensor, state: DecoderState): DecoderStep

  /**
   * Logits of every step of a known target, each from the tokens before it.
   *
   * @param target [B, T], int32: the tokens that go in, starting with the start symbol
   */
  forward(target: tf.Tensor, state: DecoderState, options?: DecoderOptions): DecoderOutput
}

/** @throws HeddleError `shape` or `usage` unless target is [B, T] with at least one step and teacherForcing a probability */
export function checkTarget(decoder: RecurrentDecoder, target: tf.Tensor, teacherForcing: number): void {
  const where = decoder.constructor.name
  if (target.rank !== 2 || target.shape[1] === 0) {
    throw new HeddleError('shape', `${where}: expected target [B, T] with T of at least 1, got [${target.shape}].`)
  }
  if (!(teacherForcing >= 0 && teacherForcing <= 1)) {
    throw new HeddleError('usage', `${where}: expected teacherForcing from 0 to 1, got ${teacherForcing}.`)
  }
}

/** @throws HeddleError `shape` unless tokens is [B] */
export function checkTokens(decoder: RecurrentDecoder, tokens: tf.Tensor): void {
  if (tokens.rank === 1) return
  throw new HeddleError(
    'shape',
    `${decoder.constructor.name}.step: expected tokens [B], got [${tokens.shape}]. Pass the last token of each row.`,
  )
}
