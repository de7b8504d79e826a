import { HeddleError, parseConfig, philox4x32, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { fusedOp } from './fused-op.ts'
import { Module } from './module.ts'
import type { PyTorchModule } from './pytorch/pytorch-module.ts'

export const dropoutConfig = z.strictObject({
  rate: z.number().min(0).max(1).describe('share of the elements that training sets to zero'),
})
export type DropoutConfig = z.input<typeof dropoutConfig>

/**
 * Dropout. In training each element is zero with probability `rate` and otherwise divided by 1 - rate; in evaluation nothing
 * changes. The mask comes from a counter-based generator, so that one seed gives one mask on every backend.
 *
 * @see Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"
 */
export class Dropout extends Module {
  readonly rate: number
  readonly rng: RandomStream

  constructor(config: DropoutConfig, rng: RandomStream) {
    super()
    this.rate = parseConfig('Dropout', dropoutConfig, config).rate
    this.rng = rng.split()
  }

  /** @param x any shape */
  forward(x: tf.Tensor): tf.Tensor {
    return this.training ? dropout(x, this.rate, this.rng) : x
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(): Promise<PyTorchModule> {
    const { dropout } = await import('./pytorch/layers.ts')
    return dropout(this)
  }
}

/** Dropout as a function; draws one key from `rng`. */
export function dropout(x: tf.Tensor, rate: number, rng: RandomStream): tf.Tensor {
  if (!(rate >= 0 && rate <= 1)) throw new HeddleError('config', `dropout: expected a rate from 0 to 1, got ${rate}.`)
  if (rate === 0) return x
  const key = [rng.uint32(), rng.uint32()] as const
  return fusedOp(
    'HeddleDropout',
    { x },
    { rate, key },
    ({ x }) => [tf.mul(x, dropoutMask(x.shape, rate, key))] as const,
  )[0]
}

/** 0 or 1 / (1 - rate) for every element: element 4i + j is kept when word j of Philox(counter i, key) is at least rate·2^32. */
function dropoutMask(shape: number[], rate: number, key: readonly [number, number]): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1)
  const threshold = rate * 2 ** 32
  const kept = Math.fround(rate === 1 ? 0 : 1 / (1 - rate))
  const mask = new Float32Array(size)
  for (let i = 0; i < size; i += 4) {
    const words = philox4x32([i / 4, 0, 0, 0], key)
    for (let j = 0; j < 4 && i + j < size; j++) mask[i + j] = words[j]! >= threshold ? kept : 0
  }
  return tf.tensor(mask, shape)
}
