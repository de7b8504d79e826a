import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { enableGradients } from '../gradients.ts'
import { uniform } from '../initializers.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import type { PyTorchModule, PyTorchSource } from '../pytorch/pytorch-module.ts'
import { logPartition, marginals, stepMask } from './log-partition.ts'
import type { PathScores } from './viterbi.ts'

// B batch, T time, C labels

export const conditionalRandomFieldConfig = z.strictObject({
  numLabels: z.int().min(1).describe('number of different labels'),
})
export type ConditionalRandomFieldConfig = z.input<typeof conditionalRandomFieldConfig>

/** The setting of models that score labels for each step. */
export const labelScoring = z
  .enum(['softmax', 'crf'])
  .default('softmax')
  .describe(
    "how the labels of a sequence are scored: each step by itself ('softmax'), or with scores for each label after each other ('crf')",
  )

/** Too low to count among other scores. */
const NEVER = -1e9

/**
 * Linear-chain conditional random field: log p(y | x) = score(y) - log Σ_y' exp(score(y')), with
 * score(y) = start[y_1] + Σ_t scores_t[y_t] + Σ_t transitions[y_{t-1}, y_t] + end[y_T].
 *
 * The sequences of highest score are found by `viterbi` with {@link pathScores}. The first values are uniform in ±0.1.
 *
 * @see Lafferty et al. 2001, "Conditional random fields: Probabilistic models for segmenting and labeling sequence data";
 * Lample et al. 2016, "Neural architectures for named entity recognition"
 */
export class ConditionalRandomField extends Module {
  readonly transitions: Parameter // [C before, C after]
  readonly start: Parameter // [C]
  readonly end: Parameter // [C]

  constructor(config: ConditionalRandomFieldConfig, rng: RandomStream) {
    super()
    const { numLabels: C } = parseConfig('ConditionalRandomField', conditionalRandomFieldConfig, config)
    const initial = uniform(-0.1, 0.1)
    this.transitions = new Parameter([C, C], initial, rng)
    this.start = new Parameter([C], initial, rng)
    this.end = new Parameter([C], initial, rng)
  }

  /**
   * Log-likelihood of sequences of labels. A step with a label below 0 may have any label: its labels are summed over.
   *
   * @param scores of each label at each step, [B, T, C]
   * @param labels [B, T], int32; without meaning past a length
   * @param lengths number of steps of each sequence, at least 1, [B], int32
   * @returns [B]
   * @see Tsuboi et al. 2008, "Training conditional random fields using incomplete annotations", for steps without a label
   */
  override forward(scores: tf.Tensor, labels: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
    this.#check(scores)
    // Before the first operation, as gradients are looked up when it runs.
    enableGradients()
    const isPartial = tf.tidy(() => {
      const unknown = tf.mul(
        tf.cast(tf.less(labels, 0), 'float32'),
        tf.squeeze(stepMask(lengths, labels.shape[1]!), [2]),
      )
      return tf.sum(unknown).dataSync()[0]! > 0
    })
    const ofLabels = isPartial ? this.#scoreOfAny(scores, labels, lengths) : this.#scoreOf(scores, labels, lengths)
    return tf.sub(ofLabels, logPartition(this.#chain(scores), lengths))
  }

  /**
   * Probability of each label at each step.
   *
   * @param scores of each label at each step, [B, T, C]
   * @param lengths number of steps of each sequence, at least 1, [B], int32
   * @returns [B, T, C]; without meaning past a length
   */
  marginals(scores: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
    this.#check(scores)
    return marginals(this.#chain(scores), lengths)
  }

  /** The learned scores for `viterbi`. */
  get pathScores(): PathScores {
    const { transitions, start, end } = this
    return {
      transitions: transitions.value.dataSync(),
      start: start.value.dataSync(),
      end: end.value.dataSync(),
    }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { conditionalRandomField } = await import('../pytorch/conditional-random-field.ts')
    return conditionalRandomField(this, source)
  }

  #chain(scores: tf.Tensor) {
    return { scores, transitions: this.transitions.value, start: this.start.value, end: this.end.value }
  }

  #check({ shape }: tf.Tensor): void {
    const C = this.start.size
    if (shape.length === 3 && shape[2] === C) return
    throw new HeddleError('shape', `ConditionalRandomField: expected scores [B, T, ${C}], got [${shape}].`)
  }

  /** The score of one sequence of labels, [B]. */
  #scoreOf(scores: tf.Tensor, labels: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
    const [B, T, C] = scores.shape as [number, number, number]
    const chosen = tf.mul(isLabel(labels, C), stepMask(lengths, T)) // [B, T, C]
    const first = tf.sum(tf.mul(tf.squeeze(tf.slice(chosen, [0, 0, 0], [B, 1, C]), [1]), this.start.value), 1)
    const isLast = tf.sub(stepMask(lengths, T), stepMask(tf.sub(lengths, 1), T)) // [B, T, 1]
    const last = tf.sum(tf.mul(tf.mul(chosen, isLast), this.end.value), [1, 2])
    const score = tf.add(tf.add(first, tf.sum(tf.mul(chosen, scores), [1, 2])), last)
    if (T === 1) return score
    const before = tf.reshape(tf.slice(chosen, [0, 0, 0], [B, T - 1, C]), [-1, C])
    const after = tf.slice(chosen, [0, 1, 0], [B, T - 1, C])
    const follows = tf.reshape(tf.matMul(before as tf.Tensor2D, this.transitions.value as tf.Tensor2D), [B, T - 1, C])
    return tf.add(score, tf.sum(tf.mul(follows, after), [1, 2]))
  }

  /** The sum over all sequences that have the known labels, [B]. */
  #scoreOfAny(scores: tf.Tensor, labels: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
    const isKnown = tf.expandDims(tf.cast(tf.greaterEqual(labels, 0), 'float32'), 2) // [B, T, 1]
    const isOther = tf.mul(tf.sub(1, isLabel(labels, scores.shape[2]!)), isKnown) // [B, T, C]
    return logPartition(this.#chain(tf.add(scores, tf.mul(isOther, NEVER))), lengths)
  }
}

/** 1 for the label of each step, 0 for others, [B, T, C]. */
const isLabel = (labels: tf.Tensor, C: number): tf.Tensor =>
  tf.cast(tf.equal(tf.expandDims(labels, 2), tf.range(0, C, 1, 'int32')), 'float32')
