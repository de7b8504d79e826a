import { HeddleError } from '@heddle/core'
import { padSequences } from '@heddle/data'
import { crossEntropy, type Module } from '@heddle/layers'
import type { Objective, ObjectiveContext, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'

// B batch, S steps of the source, T steps of the target, V target vocabulary

/**
 * A source as numbers, with the target as ids without start and end symbol.
 *
 * @typeParam X the source: token ids, frames of sound, pixels
 */
export interface EncodedExample<X> {
  readonly source: X
  readonly target: readonly number[]
}

/** The ids that frame a target. */
export interface FrameIds {
  readonly pad: number
  readonly start: number
  readonly end: number
}

export interface SourceTensors {
  /** The batch first. */
  readonly source: tf.Tensor
  /** [B], int32: steps that are real; all of them when left out. */
  readonly lengths?: tf.Tensor
}

export interface WritingBatch extends SourceTensors {
  /** What goes into the decoder, from the start symbol on: [B, T], int32. */
  readonly input: tf.Tensor
  /** What must come out, up to the end symbol: [B, T], int32, {@link IGNORED} for padding. */
  readonly labels: tf.Tensor
  readonly numTokens: number
}

/** What the task asks of a model: any encoder-decoder that can be taught by forcing. */
export interface TeachableModel extends Module {
  forward(
    source: tf.Tensor,
    lengths: tf.Tensor | undefined,
    target: tf.Tensor,
    options?: { teacherForcing?: number },
  ): { logits: tf.Tensor }
}

export interface WritingTaskOptions<X> {
  readonly model: TeachableModel
  readonly frame: FrameIds
  readonly labelSmoothing: number
  /** The share of steps that are given the decoder's own last token, at its highest. */
  readonly scheduledSampling: number
  /** Steps of training in which that share rises from 0. */
  readonly samplingSteps: number
  collate(sources: readonly X[]): SourceTensors
}

const IGNORED = -100

/**
 * Learns p(target | source): cross-entropy of each target token given the true ones before it (teacher forcing), or, for a share
 * of the steps that grows with training, given the token that the decoder itself found most likely (scheduled sampling).
 *
 * @see Bengio et al. 2015, "Scheduled sampling for sequence prediction with recurrent neural networks"
 */
export class WritingTask<X> implements Objective<EncodedExample<X>, WritingBatch> {
  readonly #options: WritingTaskOptions<X>

  constructor(options: WritingTaskOptions<X>) {
    this.#options = options
  }

  collate(examples: readonly EncodedExample<X>[]): WritingBatch {
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

  loss(
    { source, lengths, input, labels, numTokens }: WritingBatch,
    { training, step }: ObjectiveContext,
  ): ObjectiveLoss {
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

  /** The probability that a step of training is given the true token, at a step of training. */
  teacherForcing(step: number): number {
    const { scheduledSampling, samplingSteps } = this.#options
    return 1 - scheduledSampling * Math.min(1, step / Math.max(1, samplingSteps))
  }
}

/** @throws HeddleError `config` for a model that cannot write */
export function checkWriter(model: Module, where: string): void {
  if ('encode' in model && 'step' in model) return
  throw new HeddleError(
    'config',
    `${where}: expected a model with encode and step, got ${model.constructor.name}. Use an encoder-decoder.`,
  )
}
