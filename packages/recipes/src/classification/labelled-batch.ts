import { HeddleError } from '@heddle/core'
import { padSequences } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, I features of a step

/** A sequence as numbers, with one label, or with one for each step. */
export interface LabelledSequence {
  /** Token ids, or the features of one step after the other. */
  readonly input: ArrayLike<number>
  readonly labels: readonly number[]
}

/** A batch as a model takes it. */
export interface LabelledBatch {
  /** What the model's `forward` is given, in its order. */
  readonly inputs: readonly tf.Tensor[]
  /** [B], or [B, T] with {@link IGNORED} past the end of a sequence; int32 */
  readonly labels: tf.Tensor
  /** How many labels count. */
  readonly numLabels: number
}

/** The label of steps past the end of a sequence. */
export const IGNORED = -100

/** Whether a sequence has one label, or each of its steps has. */
export type LabelledPart = 'sequence' | 'step'

/** Sequences of token ids: inputs are [B, T] int32 and lengths [B]. */
export function tokenBatch(examples: readonly LabelledSequence[], part: LabelledPart, pad: number): LabelledBatch {
  const { data, shape, lengths } = padSequences(
    examples.map(({ input }) => input),
    { value: pad },
  )
  return {
    inputs: [tf.tensor2d(data, shape, 'int32'), tf.tensor1d(lengths, 'int32')],
    ...labelTensor(examples, part),
  }
}

/** How the features of a step are laid out and scaled: the model sees (feature - mean) / deviation. */
export interface VectorLayout {
  readonly featureSize: number
  readonly mean?: number
  readonly deviation?: number
}

/** Sequences of vectors: inputs are [B, T, I] and lengths [B]. */
export function vectorBatch(
  examples: readonly LabelledSequence[],
  part: LabelledPart,
  { featureSize, mean = 0, deviation = 1 }: VectorLayout,
): LabelledBatch {
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
    ...labelTensor(examples, part),
  }
}

/** The labels of a batch: [B] for sequences, [B, T] for steps. */
export function labelTensor(
  examples: readonly { readonly labels: readonly number[] }[],
  part: LabelledPart,
): Pick<LabelledBatch, 'labels' | 'numLabels'> {
  const { data, shape, lengths } = padSequences(
    examples.map(({ labels }) => labels),
    { value: IGNORED },
  )
  const numLabels = lengths.reduce((sum, length) => sum + length, 0)
  if (part === 'step') return { labels: tf.tensor2d(data, shape, 'int32'), numLabels }
  return { labels: tf.tensor1d(data, 'int32'), numLabels }
}
