import { padSequences } from '@heddle/data'
import { crossEntropy, type Module } from '@heddle/layers'
import type { Task, TaskContext, TaskLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'

// B batch, S steps of the source, T steps of the target, V target vocabulary

/** A pair as ids: the source with its end symbol, the target without symbols. */
export interface EncodedPair {
  readonly source: readonly number[]
  readonly target: readonly number[]
}

/** The ids that frame sequences. */
export interface SpecialIds {
  readonly pad: number
  readonly start: number
  readonly end: number
}

export interface TranslationBatch {
  /** [B, S], int32 */
  readonly source: tf.Tensor
  /** [B], int32 */
  readonly lengths: tf.Tensor
  /** What goes into the decoder, from the start symbol on: [B, T], int32. */
  readonly input: tf.Tensor
  /** What must come out, up to the end symbol: [B, T], int32, {@link IGNORED} for padding. */
  readonly labels: tf.Tensor
  readonly numTokens: number
}

/** What the task asks of a model: any encoder-decoder that can be taught by forcing. */
export interface TeachableModel extends Module {
  forward(source: tf.Tensor, lengths: tf.Tensor, target: tf.Tensor): { logits: tf.Tensor }
}

const IGNORED = -100

/** Sources as a padded batch. */
export function sourceBatch(
  sources: readonly (readonly number[])[],
  pad: number,
): Pick<TranslationBatch, 'source' | 'lengths'> {
  const { data, shape, lengths } = padSequences(sources, { value: pad })
  return { source: tf.tensor2d(data, shape, 'int32'), lengths: tf.tensor1d(lengths, 'int32') }
}

/** Learns p(target | source): cross-entropy of each target token given the true ones before it (teacher forcing). */
export class TranslationTask implements Task<EncodedPair, TranslationBatch> {
  readonly #model: TeachableModel
  readonly #special: SpecialIds
  readonly #labelSmoothing: number

  constructor(model: TeachableModel, special: SpecialIds, labelSmoothing: number) {
    this.#model = model
    this.#special = special
    this.#labelSmoothing = labelSmoothing
  }

  collate(examples: readonly EncodedPair[]): TranslationBatch {
    const { pad, start, end } = this.#special
    const source = sourceBatch(
      examples.map((example) => example.source),
      pad,
    )
    const input = padSequences(
      examples.map(({ target }) => [start, ...target]),
      { value: pad },
    )
    const labels = padSequences(
      examples.map(({ target }) => [...target, end]),
      { value: IGNORED },
    )
    return {
      ...source,
      input: tf.tensor2d(input.data, input.shape, 'int32'),
      labels: tf.tensor2d(labels.data, labels.shape, 'int32'),
      numTokens: labels.lengths.reduce((sum, length) => sum + length, 0),
    }
  }

  loss({ source, lengths, input, labels, numTokens }: TranslationBatch, { training }: TaskContext): TaskLoss {
    const { logits } = this.#model.forward(source, lengths, input) // [B, T, V]
    if (training) {
      const loss = crossEntropy(logits, labels, { ignoreIndex: IGNORED, labelSmoothing: this.#labelSmoothing })
      return { loss, weight: numTokens }
    }
    const loss = crossEntropy(logits, labels, { ignoreIndex: IGNORED })
    const right = tf.equal(tf.cast(tf.argMax(logits, -1), 'int32'), labels) // [B, T]; padding is never right
    const tokenAccuracy = tf.div(tf.sum(tf.cast(right, 'float32')), numTokens) as tf.Scalar
    return { loss, metrics: { tokenAccuracy }, weight: numTokens }
  }
}
