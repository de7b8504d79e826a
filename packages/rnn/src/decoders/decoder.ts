import type { PreparedMemory } from '@heddle/attention'
import { HeddleError, type RandomStream } from '@heddle/core'
import { Dropout, Embedding, Linear, Module, observe, withoutGradient } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'
import type { EncodedSource } from '../recurrent-encoder.ts'

// B batch, T steps of the target, S steps of the source, E embedding size, R size of what the output layer reads, V vocabulary

/** All that a decoder carries from step to step; every tensor has the batch first. */
export interface DecoderState {
  readonly layers: readonly RecurrentState[]
  /** What attention looks at. */
  readonly source?: PreparedMemory
  /** The last attentional vector, for input feeding: [B, R]. */
  readonly feed?: tf.Tensor
}

export interface DecoderFeatures {
  /** What the output layer reads: [B, R], or [B, T, R]. */
  readonly features: tf.Tensor
  /** [B, S], or [B, T, S] */
  readonly attention?: tf.Tensor
  readonly state: DecoderState
}

export interface DecoderOptions {
  /** Probability that a step is given the true token, not the decoder's own best one (default 1). */
  readonly teacherForcing?: number
}

export interface DecoderOutput {
  /** [B, T, V] */
  readonly logits: tf.Tensor
  /** [B, T, S] */
  readonly attention?: tf.Tensor
  readonly state: DecoderState
}

export interface DecoderStep {
  /** [B, V] */
  readonly logits: tf.Tensor
  /** [B, S] */
  readonly attention?: tf.Tensor
  readonly state: DecoderState
}

/** What every decoder is made of. */
export interface DecoderParts {
  readonly vocabSize: number
  readonly embeddingSize: number
  readonly featureSize: number
  readonly dropout: number
}

/** A recurrent network that writes a target, token by token; the kinds differ in how they look at the source. */
export abstract class RecurrentDecoder extends Module {
  readonly embedding: Embedding // [V, E]
  readonly output: Linear // [R, V]
  readonly dropout: Dropout
  readonly rng: RandomStream
  abstract readonly recurrent: Recurrent

  constructor({ vocabSize, embeddingSize, featureSize, dropout }: DecoderParts, rng: RandomStream) {
    super()
    this.embedding = new Embedding({ numEmbeddings: vocabSize, embeddingSize }, rng)
    this.output = new Linear({ inputSize: featureSize, outputSize: vocabSize }, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.rng = rng.split()
  }

  /** The state before the first token. */
  abstract start(layers: readonly RecurrentState[], source: EncodedSource): DecoderState

  /** One step: embedded [B, E]. */
  protected abstract advance(embedded: tf.Tensor, state: DecoderState): DecoderFeatures

  /** All steps of a known target: embedded [B, T, E]. Decoders that need no loop for it do better. */
  protected run(embedded: tf.Tensor, state: DecoderState): DecoderFeatures {
    const steps: DecoderFeatures[] = []
    for (const input of tf.unstack(embedded, 1)) {
      const step = this.advance(input, state)
      steps.push(step)
      state = step.state
    }
    return { ...stacked(steps), state }
  }

  /**
   * The logits of every step of a target, given what comes before it.
   *
   * @param target [B, T], int32: the tokens that go in, starting with the start symbol
   */
  override forward(target: tf.Tensor, state: DecoderState, { teacherForcing = 1 }: DecoderOptions = {}): DecoderOutput {
    if (target.rank !== 2 || target.shape[1] === 0) {
      throw new HeddleError(
        'shape',
        `${this.constructor.name}: expected target [B, T] with T of at least 1, got [${target.shape}].`,
      )
    }
    if (!(teacherForcing >= 0 && teacherForcing <= 1)) {
      throw new HeddleError(
        'usage',
        `${this.constructor.name}: expected teacherForcing from 0 to 1, got ${teacherForcing}.`,
      )
    }
    if (teacherForcing < 1) return this.#scheduledSampling(target, state, teacherForcing)
    const embedded = this.dropout.forward(this.embedding.forward(target)) // [B, T, E]
    const { features, attention, state: end } = this.run(embedded, state)
    observe(this, 'features', features)
    if (attention !== undefined) observe(this, 'attention', attention)
    return { logits: this.output.forward(this.dropout.forward(features)), ...(attention && { attention }), state: end }
  }

  /**
   * One token further: the step interface of decoding.
   *
   * @param tokens [B], int32
   */
  step(tokens: tf.Tensor, state: DecoderState): DecoderStep {
    if (tokens.rank !== 1) {
      throw new HeddleError(
        'shape',
        `${this.constructor.name}.step: expected tokens [B], got [${tokens.shape}]. Pass the last token of each row.`,
      )
    }
    const embedded = this.dropout.forward(this.embedding.forward(tokens)) // [B, E]
    const { features, attention, state: next } = this.advance(embedded, state)
    return { logits: this.output.forward(this.dropout.forward(features)), ...(attention && { attention }), state: next }
  }

  /** @see Bengio et al. 2015, "Scheduled sampling for sequence prediction with recurrent neural networks" */
  #scheduledSampling(target: tf.Tensor, state: DecoderState, teacherForcing: number): DecoderOutput {
    const truth = tf.unstack(target, 1) // T of [B]
    const steps: DecoderStep[] = []
    for (const tokens of truth) {
      const last = steps.at(-1)
      const input = last === undefined ? tokens : this.#mixed(tokens, last.logits, teacherForcing)
      const step = this.step(input, state)
      steps.push(step)
      state = step.state
    }
    const attention = steps.map((step) => step.attention).filter((weights) => weights !== undefined)
    return {
      logits: tf.stack(
        steps.map((step) => step.logits),
        1,
      ), // [B, T, V]
      ...(attention.length > 0 && { attention: tf.stack(attention, 1) }),
      state,
    }
  }

  /** The true token of a row with probability `teacherForcing`, else the one that the decoder found most likely. */
  #mixed(tokens: tf.Tensor, logits: tf.Tensor, teacherForcing: number): tf.Tensor {
    const given = Uint8Array.from({ length: tokens.shape[0]! }, () => (this.rng.uniform() < teacherForcing ? 1 : 0))
    return withoutGradient(() =>
      tf.where(tf.tensor(given, tokens.shape, 'bool'), tokens, tf.cast(tf.argMax(logits, -1), 'int32')),
    )
  }
}

/** Steps joined on a time axis. */
function stacked(steps: readonly DecoderFeatures[]): Pick<DecoderFeatures, 'features' | 'attention'> {
  const features = tf.stack(
    steps.map((step) => step.features),
    1,
  ) // [B, T, R]
  const attention = steps.map((step) => step.attention).filter((weights) => weights !== undefined)
  return { features, ...(attention.length > 0 && { attention: tf.stack(attention, 1) }) } // [B, T, S]
}
