import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import { enableGradients } from './gradients.ts'

// N any leading axes, C labels

export interface BinaryCrossEntropyOptions {
  /** Weight of the positive targets of each label, [C], such as more for rare ones (default: 1). */
  readonly positiveWeights?: tf.Tensor
  /** 'mean' over all targets (default), or their 'sum'. */
  readonly reduction?: 'mean' | 'sum'
}

/**
 * Binary cross-entropy of logits, a decision for each label on its own: the mean or sum over rows and labels of
 *
 *     -(p·y·log σ(x) + (1 - y)·log(1 - σ(x)))
 *
 * with p the weight of positive targets. Computed as (1 - y)·x - (1 + (p - 1)·y)·log σ(x), which does not overflow, as in PyTorch's
 * `binary_cross_entropy_with_logits`.
 *
 * @param logits x, [N…, C]
 * @param targets y, [N…, C], float32, each from 0 to 1
 */
export function binaryCrossEntropy(
  logits: tf.Tensor,
  targets: tf.Tensor,
  { positiveWeights, reduction = 'mean' }: BinaryCrossEntropyOptions = {},
): tf.Scalar {
  if (targets.dtype !== 'float32' || `${targets.shape}` !== `${logits.shape}`) {
    throw new HeddleError(
      'shape',
      `binaryCrossEntropy: expected float32 targets [${logits.shape}] as the logits are, got ${targets.dtype} [${targets.shape}].`,
    )
  }
  const C = logits.shape.at(-1)
  if (positiveWeights !== undefined && `${positiveWeights.shape}` !== `${[C]}`) {
    throw new HeddleError('shape', `binaryCrossEntropy: expected weights [${C}], got [${positiveWeights.shape}].`)
  }
  enableGradients()
  // Not tf.logSigmoid, whose gradient reads a tensor that it does not save.
  const logProbability = tf.neg(tf.softplus(tf.neg(logits)))
  const weighted =
    positiveWeights === undefined
      ? logProbability
      : tf.mul(tf.add(tf.mul(tf.sub(positiveWeights, 1), targets), 1), logProbability)
  const losses = tf.sub(tf.mul(tf.sub(1, targets), logits), weighted) // [N…, C]
  return (reduction === 'sum' ? tf.sum(losses) : tf.mean(losses)) as tf.Scalar
}
