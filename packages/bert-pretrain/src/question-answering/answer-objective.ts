import { padSequences } from '@heddle/data'
import { crossEntropy } from '@heddle/layers'
import type { Objective, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { QuestionAnsweringModel } from '../fine-tuning/answer-question.ts'
import type { QuestionWindow } from './question-windows.ts'

// B windows, T time

export interface AnswerTensors {
  /** [B, T], int32 */
  readonly ids: tf.Tensor
  readonly segments: tf.Tensor
  /** [B], int32 */
  readonly lengths: tf.Tensor
  readonly starts: tf.Tensor
  readonly ends: tf.Tensor
}

/** Too low to count in a softmax. */
const NEVER = -1e9

/**
 * Learns p(start) and p(end) over the tokens of a window: the mean of both cross-entropies. A window without the answer points to its
 * first token.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding", section 4.2
 */
export class AnswerObjective implements Objective<QuestionWindow, AnswerTensors> {
  readonly #model: QuestionAnsweringModel
  readonly #padding: number
  readonly #hasSegments: boolean

  constructor(model: QuestionAnsweringModel, padding: number, hasSegments: boolean) {
    this.#model = model
    this.#padding = padding
    this.#hasSegments = hasSegments
  }

  collate(windows: readonly QuestionWindow[]): AnswerTensors {
    const { data, shape, lengths } = padSequences(
      windows.map(({ ids }) => ids),
      { value: this.#padding },
    )
    const segments = padSequences(
      windows.map((window) => (this.#hasSegments ? window.segments : new Int32Array(window.ids.length))),
      { value: 0 },
    )
    const each = (values: number[]) => tf.tensor1d(values, 'int32')
    return {
      ids: tf.tensor2d(data, shape, 'int32'),
      segments: tf.tensor2d(segments.data, shape, 'int32'),
      lengths: tf.tensor1d(lengths, 'int32'),
      starts: each(windows.map(({ start }) => start)),
      ends: each(windows.map(({ end }) => end)),
    }
  }

  get pyTorch(): string {
    return `
def loss(model, batch, step, state):
    """Mean of the cross-entropies of the first and the last token of the answer."""
    start, end = model(batch["ids"], batch["lengths"], batch["segments"])
    past = torch.arange(start.shape[1], device=start.device) >= batch["lengths"].unsqueeze(1)
    pairs = (start, batch["starts"]), (end, batch["ends"])
    return sum(F.cross_entropy(logits + ${NEVER} * past, right) for logits, right in pairs) / 2, None
`.slice(1)
  }

  loss({ ids, segments, lengths, starts, ends }: AnswerTensors): ObjectiveLoss {
    const { startLogits, endLogits } = this.#model.forward(ids, lengths, segments)
    const [B, T] = ids.shape as [number, number]
    const isPast = tf.greaterEqual(tf.range(0, T, 1, 'int32'), tf.reshape(lengths, [B, 1])) // [B, T]
    const masked = (logits: tf.Tensor) => tf.add(logits, tf.mul(tf.cast(isPast, 'float32'), NEVER))
    const loss = tf.div(tf.add(crossEntropy(masked(startLogits), starts), crossEntropy(masked(endLogits), ends)), 2)
    return { loss: loss as tf.Scalar, weight: B }
  }
}
