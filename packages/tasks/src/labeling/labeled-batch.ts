import { HeddleError } from '@heddle/core'
import { padSequences } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, I features of a step

/** A sequence as numbers, with the id of its label, or of the label of each step. */
export interface LabeledSequence {
  /** Token ids, or the features of one step after the other. */
  readonly input: ArrayLike<number>
  /** Segment of each token of a pair of texts. */
  readonly segments?: ArrayLike<number>
  readonly labels: readonly number[]
}

/** A batch as a model takes it. */
export interface LabeledBatch {
  /** Arguments of the model's `forward`, in its order. */
  readonly inputs: readonly tf.Tensor[]
  /** [B], or [B, T] with {@link IGNORED} past the end of a sequence; int32 */
  readonly labels: tf.Tensor
  /** Number of labels of each sequence, [B]. */
  readonly lengths: Int32Array
  /** Number of labels, padding left out. */
  readonly numLabels: number
  /** Number of those that training met. */
  readonly numKnown: number
}

/** The id of labels that do not count: steps past the end of a sequence, and labels that training did not meet. */
export const IGNORED = -100

/** Whether a sequence has one label, or each of its steps has one. */
export type LabelUnit = 'sequence' | 'step'

/** Sequences of token ids: inputs are ids [B, T] and lengths [B], int32; and segments [B, T] where there are pairs of texts. */
export function tokenBatch(examples: readonly LabeledSequence[], unit: LabelUnit, pad: number): LabeledBatch {
  const { data, shape, lengths } = padSequences(
    examples.map(({ input }) => input),
    { value: pad },
  )
  const inputs: tf.Tensor[] = [tf.tensor2d(data, shape, 'int32'), tf.tensor1d(lengths, 'int32')]
  if (examples.some(({ segments }) => segments !== undefined)) {
    const padded = padSequences(
      examples.map(({ input, segments }) => segments ?? new Int32Array(input.length)),
      { value: 0 },
    )
    inputs.push(tf.tensor2d(padded.data, shape, 'int32'))
  }
  return { inputs, ...labelTensor(examples, unit) }
}

/** Layout and scale of the features of a step: the model reads (feature - mean) / deviation. */
export interface VectorLayout {
  readonly featureSize: number
  readonly mean?: number
  readonly deviation?: number
}

/** Sequences of vectors: inputs are [B, T, I] and lengths [B]. */
export function vectorBatch(
  examples: readonly LabeledSequence[],
  unit: LabelUnit,
  { featureSize, mean = 0, deviation = 1 }: VectorLayout,
): LabeledBatch {
  const lengths = Int32Array.from(examples, ({ input }) => input.length / featureSize)
  const [B, T] = [examples.length, Math.max(...lengths)]
  const data = new Float32Array(B * T * featureSize)
  for (const [b, { input }] of examples.entries()) {
    if (input.length % featureSize !== 0) {
      throw new HeddleError(
        'shape',
        `vectorBatch: expected steps of ${featureSize} features, got ${input.length} numbers.`,
      )
    }
    const start = b * T * featureSize
    for (let i = 0; i < input.length; i++) data[start + i] = (input[i]! - mean) / deviation
  }
  return {
    inputs: [tf.tensor3d(data, [B, T, featureSize]), tf.tensor1d(lengths, 'int32')],
    ...labelTensor(examples, unit),
  }
}

/** The labels of a batch: [B] for sequences, [B, T] for steps. */
export function labelTensor(
  examples: readonly { readonly labels: readonly number[] }[],
  unit: LabelUnit,
): Omit<LabeledBatch, 'inputs'> {
  const { data, shape, lengths } = padSequences(
    examples.map(({ labels }) => labels),
    { value: IGNORED },
  )
  const numLabels = lengths.reduce((sum, length) => sum + length, 0)
  const numKnown = data.reduce((sum, id) => sum + (id === IGNORED ? 0 : 1), 0)
  const labels = unit === 'step' ? tf.tensor2d(data, shape, 'int32') : tf.tensor1d(data, 'int32')
  return { labels, lengths, numLabels, numKnown }
}
