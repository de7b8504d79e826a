import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { checkWithin } from './check-within.ts'
import { crossEntropy } from './cross-entropy.ts'
import { embedding } from './embedding.ts'
import { Linear } from './linear.ts'
import { Module } from './module.ts'
import type { PyTorchModule, PyTorchSource } from './pytorch/pytorch-module.ts'
import { featureCount } from './size-fields.ts'

// N any leading axes, I input size, C classes, S classes of the head, K clusters, C_k classes of a cluster, I_k its input size

export const adaptiveSoftmaxConfig = z.strictObject({
  inputSize: featureCount.describe('number of features of the input'),
  numClasses: z.int().min(2).describe('number of classes, frequent ones first'),
  cutoffs: z.array(z.int().min(1)).min(1).describe('first class of each cluster of rarer classes, in rising order'),
  divValue: z
    .number()
    .min(1)
    .default(4)
    .describe('factor by which a cluster has fewer features than the one before it'),
  headBias: z.boolean().default(false).describe('whether a trained vector is added to the logits of the head'),
})
export type AdaptiveSoftmaxConfig = z.input<typeof adaptiveSoftmaxConfig>

/**
 * Softmax over many classes with few operations: frequent classes in a head, rarer ones in clusters of which the loss computes only the
 * one of the label.
 *
 *     log p(c | x) = log softmax(x·head)_c                                           for c < cutoffs[0] = S
 *     log p(c | x) = log softmax(x·head)_{S + k} + log softmax(x·tail_k0·tail_k1)_c  for c of cluster k
 *
 * with I_k = ⌊I / divValue^(k + 1)⌋ features in tail_k0. Numbers as torch.nn.AdaptiveLogSoftmaxWithLoss.
 *
 * @see Grave et al. 2017, "Efficient softmax approximation for GPUs"
 */
export class AdaptiveSoftmax extends Module {
  readonly head: Linear // [I, S + K]
  readonly tail: readonly (readonly [projection: Linear, output: Linear])[] // [I, I_k], [I_k, C_k]
  readonly cutoffs: readonly number[]
  readonly numClasses: number
  readonly divValue: number

  constructor(config: AdaptiveSoftmaxConfig, rng: RandomStream) {
    super()
    const parsed = parseConfig('AdaptiveSoftmax', adaptiveSoftmaxConfig, config)
    const { inputSize, numClasses, cutoffs, divValue, headBias } = parsed
    checkCutoffs(cutoffs, numClasses)
    this.cutoffs = cutoffs
    this.numClasses = numClasses
    this.divValue = divValue
    this.head = new Linear({ inputSize, outputSize: cutoffs[0]! + cutoffs.length, bias: headBias }, rng)
    this.tail = cutoffs.map((first, k) => {
      const features = Math.floor(inputSize / divValue ** (k + 1))
      if (features < 1) {
        throw new HeddleError(
          'config',
          `AdaptiveSoftmax: expected at least one feature in each cluster, got ${inputSize} / ${divValue}^${k + 1} in cluster ${k}. Lower divValue, or set fewer cutoffs.`,
        )
      }
      const outputSize = (cutoffs[k + 1] ?? numClasses) - first
      return [
        new Linear({ inputSize, outputSize: features, bias: false }, rng),
        new Linear({ inputSize: features, outputSize, bias: false }, rng),
      ] as const
    })
  }

  /**
   * @param x [N…, I]
   * @returns log-probabilities [N…, C]
   */
  forward(x: tf.Tensor): tf.Tensor {
    const flat = this.#rows(x) // [N, I]
    const [S] = this.cutoffs as [number]
    const head = tf.logSoftmax(this.head.forward(flat)) // [N, S + K]
    const parts = [tf.slice(head, [0, 0], [-1, S])]
    this.tail.forEach((_, k) => {
      const within = tf.logSoftmax(this.#clusterLogits(k, flat)) // [N, C_k]
      parts.push(tf.add(within, tf.slice(head, [0, S + k], [-1, 1])))
    })
    return tf.reshape(tf.concat(parts, 1), [...x.shape.slice(0, -1), this.numClasses])
  }

  /**
   * Cross-entropy: the mean over rows of -log p(label | x), as of {@link forward}. Each row computes the head and at most one cluster. The
   * labels are read back, as they choose the rows.
   *
   * @param x [N…, I]
   * @param labels [N…], int32
   */
  loss(x: tf.Tensor, labels: tf.Tensor): tf.Scalar {
    const rows = x.shape.slice(0, -1)
    if (labels.dtype !== 'int32' || `${labels.shape}` !== `${rows}`) {
      throw new HeddleError(
        'shape',
        `AdaptiveSoftmax: expected int32 labels [${rows}] for x [${x.shape}], got ${labels.dtype} [${labels.shape}].`,
      )
    }
    checkWithin('AdaptiveSoftmax', 'labels', labels, [0, this.numClasses - 1])
    const flat = this.#rows(x) // [N, I]
    const { head, clusters } = this.#split(labels.dataSync() as Int32Array)
    const losses = [sumOfLosses(this.head.forward(flat), head)]
    clusters.forEach(({ rows, labels }, k) => {
      if (rows.length === 0) return
      // Rows are looked up as those of a table.
      const chosen = embedding(tf.tensor1d(rows, 'int32'), flat) // [N_k, I]
      losses.push(sumOfLosses(this.#clusterLogits(k, chosen), labels))
    })
    return tf.div(tf.addN(losses), labels.size)
  }

  #clusterLogits(k: number, x: tf.Tensor): tf.Tensor {
    const [projection, output] = this.tail[k]!
    return output.forward(projection.forward(x))
  }

  #rows(x: tf.Tensor): tf.Tensor {
    const I = this.head.weight.shape[0]!
    if (x.shape.at(-1) === I) return tf.reshape(x, [-1, I])
    throw new HeddleError('shape', `AdaptiveSoftmax: expected x [..., ${I}], got [${x.shape}].`)
  }

  /** The label of each row in the head, and the rows of each cluster with their labels in it. */
  #split(labels: Int32Array): { head: number[]; clusters: { rows: number[]; labels: number[] }[] } {
    const [S] = this.cutoffs as [number]
    const clusters = this.cutoffs.map(() => ({ rows: [] as number[], labels: [] as number[] }))
    const head = Array.from(labels, (label, row) => {
      if (label < S) return label
      const k = this.cutoffs.findLastIndex((first) => label >= first)
      clusters[k]!.rows.push(row)
      clusters[k]!.labels.push(label - this.cutoffs[k]!)
      return S + k
    })
    return { head, clusters }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { adaptiveSoftmax } = await import('./pytorch/layers.ts')
    return adaptiveSoftmax(this, source)
  }
}

const sumOfLosses = (logits: tf.Tensor, labels: readonly number[]): tf.Scalar =>
  crossEntropy(logits, tf.tensor1d([...labels], 'int32'), { reduction: 'sum' })

function checkCutoffs(cutoffs: readonly number[], numClasses: number): void {
  const rises = [...cutoffs, numClasses].every((first, k) => k === 0 || first > cutoffs[k - 1]!)
  if (rises) return
  throw new HeddleError(
    'config',
    `AdaptiveSoftmax: expected cutoffs that rise and stay below ${numClasses} classes, got [${cutoffs}]. Set other cutoffs.`,
  )
}
