import type { Norm } from '@heddle/attention'
import type { Dropout } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

/** Joins a sublayer with its input. */
export interface Residual {
  (x: tf.Tensor, norm: Norm, sublayer: (x: tf.Tensor) => tf.Tensor, dropout: Dropout): tf.Tensor
  /** Capability: true for x + sublayer(norm(x)), false for norm(x + sublayer(x)). Other formulas have none. */
  readonly normFirst?: boolean
}

/**
 * y = norm(x + sublayer(x)), as in the paper. Needs warm-up when there are many layers.
 *
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export const postNorm: Residual = Object.assign(
  (x: tf.Tensor, norm: Norm, sublayer: (x: tf.Tensor) => tf.Tensor, dropout: Dropout) =>
    norm.forward(tf.add(x, dropout.forward(sublayer(x)))),
  { normFirst: false },
)

/**
 * y = x + sublayer(norm(x)), as in GPT-2. A norm follows the last layer.
 *
 * @see Xiong et al. 2020, "On layer normalization in the Transformer architecture"
 */
export const preNorm: Residual = Object.assign(
  (x: tf.Tensor, norm: Norm, sublayer: (x: tf.Tensor) => tf.Tensor, dropout: Dropout) =>
    tf.add(x, dropout.forward(sublayer(norm.forward(x)))),
  { normFirst: true },
)

/** Residuals by name. */
export const residuals = { 'pre-norm': preNorm, 'post-norm': postNorm } as const

export const residualName = z
  .enum(Object.keys(residuals) as [keyof typeof residuals, ...(keyof typeof residuals)[]])
  .describe("place of the norm: 'pre-norm' before each sublayer, 'post-norm' after the sum with its input")
