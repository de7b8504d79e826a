import { HeddleError } from '@heddle/core'
import { fusedOp, type Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

type Gradients = ReadonlyMap<Parameter, tf.Tensor>

/** Returns the L2 norm of all gradients as one vector: √Σ g². */
export function globalNorm(gradients: Gradients): tf.Scalar {
  const list = [...gradients.values()]
  return fusedOp('HeddleGlobalNorm', list as unknown as Record<string, tf.Tensor>, {}, (): [tf.Scalar] => [
    tf.tidy(() =>
      list.length === 0 ? tf.scalar(0) : tf.sqrt(tf.addN(list.map((g) => tf.sum(tf.square(g))))),
    ) as tf.Scalar,
  ])[0]
}

/**
 * Factor that brings gradients of norm `norm` to a norm of at most `maxNorm`: min(1, maxNorm / (norm + 1e-6)), as in PyTorch.
 *
 * @see Pascanu et al. 2013, "On the difficulty of training recurrent neural networks"
 */
export function clipFactor(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6))
}

/**
 * Scales all gradients together so that their norm is at most `maxNorm`; the direction stays.
 *
 * The caller owns the new tensors and still owns the old ones.
 */
export function clipByNorm(gradients: Gradients, maxNorm: number): Map<Parameter, tf.Tensor> {
  requirePositive('clipByNorm', maxNorm)
  const factor = tf.tidy(() => tf.minimum(tf.div(maxNorm, tf.add(globalNorm(gradients), 1e-6)), 1))
  const clipped = mapGradients(gradients, (g) => tf.mul(g, factor))
  factor.dispose()
  return clipped
}

/** Limits every number of every gradient to [-limit, limit]; the caller owns the new tensors and still owns the old ones. */
export function clipByValue(gradients: Gradients, limit: number): Map<Parameter, tf.Tensor> {
  requirePositive('clipByValue', limit)
  return mapGradients(gradients, (g) => tf.clipByValue(g, -limit, limit))
}

function mapGradients(gradients: Gradients, change: (gradient: tf.Tensor) => tf.Tensor): Map<Parameter, tf.Tensor> {
  return new Map([...gradients].map(([parameter, gradient]) => [parameter, tf.keep(tf.tidy(() => change(gradient)))]))
}

function requirePositive(where: string, value: number): void {
  if (!(value > 0)) throw new HeddleError('config', `${where}: expected a limit above 0, got ${value}.`)
}
