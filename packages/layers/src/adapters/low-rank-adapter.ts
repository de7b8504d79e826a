import { parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { Dropout } from '../dropout.ts'
import { uniform, zeros } from '../initializers.ts'
import { linear } from '../linear.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import type { Adapter } from './adapter.ts'

// N any leading axes, I input size, O output size, R rank

export const lowRankConfig = z.strictObject({
  rank: z.int().min(1).default(8).describe('rank of the change: the number of trained weights grows with it'),
  alpha: z.number().positive().default(8).describe('strength of the change: it is scaled by alpha / rank'),
  dropout: z.number().min(0).max(1).default(0).describe('share of the inputs that training sets to zero'),
  rankStabilized: z
    .boolean()
    .default(false)
    .describe('scale by alpha / √rank instead, so that high ranks learn as fast (rsLoRA)'),
})
export type LowRankConfig = z.input<typeof lowRankConfig>

/**
 * Low-rank adapter of a linear map (LoRA): adapter(x) = scale · dropout(x)·down·up.
 *
 * `down` is [I, R] and starts uniform in ±1/√I, `up` is [R, O] and starts at zero, so that training starts from the map as it is. They are
 * the transposes of peft's lora_A and lora_B. Maps that read the same input may share one `down`.
 *
 * @see Hu et al. 2021, "LoRA: low-rank adaptation of large language models"; Kalajdzievski 2023, "A rank stabilization scaling
 * factor for fine-tuning with LoRA"
 */
export class LowRankAdapter extends Module implements Adapter {
  readonly down: Parameter // [I, R]
  readonly up: Parameter // [R, O]
  readonly dropout: Dropout
  readonly rank: number
  readonly alpha: number
  readonly rankStabilized: boolean

  /** @param down the first map, where it is shared */
  constructor(
    config: LowRankConfig,
    { inputSize, outputSize }: { readonly inputSize: number; readonly outputSize: number },
    rng: RandomStream,
    down?: Parameter,
  ) {
    super()
    const { rank, alpha, dropout, rankStabilized } = parseConfig('LowRankAdapter', lowRankConfig, config)
    const bound = 1 / Math.sqrt(inputSize)
    this.down = down ?? new Parameter([inputSize, rank], uniform(-bound, bound), rng)
    this.up = new Parameter([rank, outputSize], zeros, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.rank = rank
    this.alpha = alpha
    this.rankStabilized = rankStabilized
  }

  /** Factor of the change. */
  get scale(): number {
    return this.alpha / (this.rankStabilized ? Math.sqrt(this.rank) : this.rank)
  }

  /**
   * @param x [N…, I]
   * @returns [N…, O]
   */
  forward(x: tf.Tensor): tf.Tensor {
    const narrow = linear(this.dropout.forward(x), this.down.value) // [N…, R]
    return linear(tf.mul(narrow, this.scale), this.up.value) // [N…, O]
  }

  weightChange(): tf.Tensor {
    const product = tf.matMul(this.down.value as tf.Tensor as tf.Tensor2D, this.up.value as tf.Tensor as tf.Tensor2D)
    return tf.mul(product, this.scale) // [I, O]
  }
}

/** Capability: an adapter whose change is a product of two matrices times a number. */
export type LowRank = Pick<LowRankAdapter, 'down' | 'up' | 'dropout' | 'rank' | 'alpha' | 'rankStabilized' | 'scale'>

export const isLowRank = (adapter: Adapter): adapter is Adapter & LowRank =>
  'down' in adapter && 'up' in adapter && 'scale' in adapter
