import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import { checkWithin } from './check-within.ts'
import { fusedOp } from './fused-op.ts'
import { enableGradients } from './gradients.ts'

// N any leading axes, C classes

export interface CrossEntropyOptions {
  /** Rows with this label do not count (default -100, as in PyTorch). */
  readonly ignoreIndex?: number
  /** Share of the probability that is spread evenly over all classes (default 0). */
  readonly labelSmoothing?: number
  /**
   * Weight of each class, [C], such as more for rare ones; the mean is then that of the weights of the rows' labels (default: all
   * alike).
   */
  readonly classWeights?: tf.Tensor
  /** 'mean' over the rows that count (default), or their 'sum'. */
  readonly reduction?: 'mean' | 'sum'
}

interface Attributes {
  readonly ignoreIndex: number
  readonly labelSmoothing: number
  readonly reduction: 'mean' | 'sum'
}

/**
 * Cross-entropy of integer labels: the mean or sum over rows of -Σ_c q_c·log softmax(logits)_c with
 * q = (1 - ε)·onehot(label) + ε / C.
 *
 * With weights of classes w it is Σ -w_c·q_c·log softmax(logits)_c over rows and classes, divided by Σ w_label.
 *
 * As in PyTorch, the mean of no rows at all is NaN.
 *
 * @param logits [N…, C]
 * @param labels [N…], int32
 * @see Szegedy et al. 2016, "Rethinking the inception architecture", for label smoothing
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor, options: CrossEntropyOptions = {}): tf.Scalar {
  const { ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean', classWeights } = options
  const rows = logits.shape.slice(0, -1)
  if (labels.dtype !== 'int32' || labels.shape.length !== rows.length || rows.some((n, i) => n !== labels.shape[i])) {
    throw new HeddleError(
      'shape',
      `crossEntropy: expected int32 labels [${rows}] for logits [${logits.shape}], got ${labels.dtype} [${labels.shape}].`,
    )
  }
  // Before the first operation, as gradients are looked up when it runs.
  enableGradients()
  const flat = { logits: tf.reshape(logits, [-1, logits.shape.at(-1)!]), labels: tf.reshape(labels, [-1]) } // [N, C], [N]
  if (classWeights !== undefined) {
    const C = logits.shape.at(-1)!
    if (`${classWeights.shape}` !== `${[C]}`) {
      throw new HeddleError('shape', `crossEntropy: expected class weights [${C}], got [${classWeights.shape}].`)
    }
    return crossEntropyReference(flat, { ignoreIndex, labelSmoothing, reduction }, classWeights)[0]
  }
  return fusedOp('HeddleCrossEntropy', flat, { ignoreIndex, labelSmoothing, reduction }, crossEntropyReference)[0]
}

function crossEntropyReference(
  { logits, labels }: { logits: tf.Tensor; labels: tf.Tensor },
  { ignoreIndex, labelSmoothing, reduction }: Attributes,
  classWeights?: tf.Tensor,
): [tf.Scalar] {
  const C = logits.shape[1]!
  checkWithin('crossEntropy', 'labels', labels, [0, C - 1], ignoreIndex)
  const counts = tf.notEqual(labels, ignoreIndex) // [N]
  const known = tf.where(counts, labels, tf.zerosLike(labels))
  const isCounted = tf.cast(counts, 'float32')
  const weight = classWeights === undefined ? isCounted : tf.mul(isCounted, tf.gather(classWeights, known))
  // Rows that do not count must not reach the sum, not even as 0 times NaN.
  const counted = tf.where(tf.broadcastTo(tf.expandDims(counts, 1), logits.shape), logits, tf.zerosLike(logits))
  const logProbabilities = tf.logSoftmax(counted) // [N, C]
  const chosen = tf.equal(tf.expandDims(known, 1), tf.range(0, C, 1, 'int32')) // [N, C]; oneHot refuses a single class
  const smoothed = tf.add(tf.mul(tf.cast(chosen, 'float32'), 1 - labelSmoothing), labelSmoothing / C) // [N, C]
  const target = classWeights === undefined ? smoothed : tf.mul(smoothed, classWeights)
  // A class that is not wanted adds nothing, however unlikely it is: 0 times infinity would be NaN.
  const terms = tf.where(tf.notEqual(target, 0), tf.mul(logProbabilities, target), tf.zerosLike(target))
  const losses = tf.neg(tf.sum(terms, -1)) // [N]
  const total = tf.sum(tf.mul(losses, isCounted)) as tf.Scalar
  return [reduction === 'sum' ? total : tf.div(total, tf.sum(weight))]
}
