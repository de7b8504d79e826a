import { padSequences } from '@heddle/data'
import { crossEntropy, type Module } from '@heddle/layers'
import type { Objective, ObjectiveContext, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { FrameIds } from './target-tokens.ts'

// B batch, S steps of the source, T steps of the target, V target vocabulary

/**
 * A source as numbers, with the ids of its target without start and end symbol.
 *
 * @typeParam X the source: token ids, frames of sound, pixels
 */
export interface EncodedPair<X> {
  readonly source: X
  readonly target: readonly number[]
}

export interface SourceTensors {
  /** The batch comes first. */
  readonly source: tf.Tensor
  /** Number of real steps, [B], int32 (default: all). */
  readonly lengths?: tf.Tensor
}

export interface PairBatch extends SourceTensors {
  /** Tokens that go into the decoder, from the start symbol on: [B, T], int32. */
  readonly input: tf.Tensor
  /** Tokens that must come out, up to the end symbol: [B, T], int32, {@link IGNORED} for padding. */
  readonly labels: tf.Tensor
  readonly numTokens: number
}

/** An encoder-decoder that can be trained on known targets. */
export interface TeachableModel extends Module {
  forward(
    source: tf.Tensor,
    lengths: tf.Tensor | undefined,
    target: tf.Tensor,
    options?: { teacherForcing?: number },
  ): { logits: tf.Tensor }
}

export interface TeacherForcingOptions<X> {
  readonly model: TeachableModel
  readonly frame: FrameIds
  readonly labelSmoothing: number
  /** Highest share of steps whose input is the decoder's own last token. */
  readonly scheduledSampling: number
  /** Number of training steps in which that share rises from 0. */
  readonly samplingSteps: number
  collate(sources: readonly X[]): SourceTensors
}

const IGNORED = -100

/**
 * Learns p(target | source): the cross-entropy of each target token given the true ones before it (teacher forcing). For a share
 * of the steps that grows during training, the decoder's own most probable token takes the place of the true one (scheduled
 * sampling).
 *
 * @see Bengio et al. 2015, "Scheduled sampling for sequence prediction with recurrent neural networks"
 */
export class TeacherForcing<X> implements Objective<EncodedPair<X>, PairBatch> {
  readonly #options: TeacherForcingOptions<X>

  constructor(options: TeacherForcingOptions<X>) {
    this.#options = options
  }

  collate(examples: readonly EncodedPair<X>[]): PairBatch {
    const { frame } = this.#options
    const input = padSequences(
      examples.map(({ target }) => [frame.start, ...target]),
      { value: frame.pad },
    )
    const labels = padSequences(
      examples.map(({ target }) => [...target, frame.end]),
      { value: IGNORED },
    )
    return {
      ...this.#options.collate(examples.map(({ source }) => source)),
      input: tf.tensor2d(input.data, input.shape, 'int32'),
      labels: tf.tensor2d(labels.data, labels.shape, 'int32'),
      numTokens: labels.lengths.reduce((sum, length) => sum + length, 0),
    }
  }

  get pyTorch(): string {
    const { labelSmoothing, scheduledSampling, samplingSteps } = this.#options
    return `
def loss(model, batch, step, state):
    """Cross-entropy of each target token given the true ones before it, or, in a share of the steps, the model's own."""
    teacher_forcing = 1 - ${scheduledSampling} * min(1, step / ${Math.max(1, samplingSteps)})
    logits = model(batch["source"], batch.get("lengths"), batch["input"], teacher_forcing)
    labels = batch["labels"].flatten()
    return F.cross_entropy(logits.flatten(0, 1), labels, ignore_index=${IGNORED}, label_smoothing=${labelSmoothing}), None
`.slice(1)
  }

  loss({ source, lengths, input, labels, numTokens }: PairBatch, { training, step }: ObjectiveContext): ObjectiveLoss {
    const { model, labelSmoothing } = this.#options
    if (training) {
      const { logits } = model.forward(source, lengths, input, { teacherForcing: this.teacherForcing(step) }) // [B, T, V]
      return { loss: crossEntropy(logits, labels, { ignoreIndex: IGNORED, labelSmoothing }), weight: numTokens }
    }
    const { logits } = model.forward(source, lengths, input)
    const loss = crossEntropy(logits, labels, { ignoreIndex: IGNORED })
    const right = tf.equal(tf.cast(tf.argMax(logits, -1), 'int32'), labels) // [B, T]; padding is never right
    const tokenAccuracy = tf.div(tf.sum(tf.cast(right, 'float32')), numTokens) as tf.Scalar
    return { loss, metrics: { tokenAccuracy }, weight: numTokens }
  }

  /** Probability that a step of the decoder is given the true token, at a training step. */
  teacherForcing(step: number): number {
    const { scheduledSampling, samplingSteps } = this.#options
    return 1 - scheduledSampling * Math.min(1, step / Math.max(1, samplingSteps))
  }
}
