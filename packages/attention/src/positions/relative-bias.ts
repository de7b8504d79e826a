import { parseConfig, type RandomStream } from '@heddle/core'
import { embedding, initializers, Module, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { spreadDistances } from './distances.ts'
import type { Positions } from './positions.ts'

// N heads, T queries, S keys, U buckets

export const relativeBiasConfig = z.strictObject({
  numHeads: z.int().min(1).describe('number of heads'),
  causal: z
    .boolean()
    .default(false)
    .describe('whether no query sees a later key, so that all buckets are for earlier ones'),
  numBuckets: z.int().min(4).default(32).describe('number of different biases in each head'),
  maxDistance: z.int().min(2).default(128).describe('distance in steps from which on all share a bias'),
})
export type RelativeBiasConfig = z.input<typeof relativeBiasConfig>

/**
 * A trained number for each head and each range of distances between query and key. Short distances have a bucket each; ranges
 * grow with the logarithm of longer ones.
 *
 * All layers share it when they are given the same module, as in T5.
 *
 * @see Raffel et al. 2020, "Exploring the limits of transfer learning with a unified text-to-text Transformer"
 */
export class RelativeBias extends Module implements Positions {
  readonly weight: Parameter // [U, N]
  readonly causal: boolean
  readonly maxDistance: number

  constructor(config: RelativeBiasConfig, rng: RandomStream) {
    super()
    const { numHeads, causal, numBuckets, maxDistance } = parseConfig('RelativeBias', relativeBiasConfig, config)
    this.causal = causal
    this.maxDistance = maxDistance
    this.weight = new Parameter([numBuckets, numHeads], initializers.normal(0.02), rng, { table: true })
  }

  /** @returns [1, N, T, S] */
  forward(T: number, S: number): tf.Tensor {
    return this.bias(T, S)
  }

  bias(T: number, S: number): tf.Tensor {
    return spreadDistances(this.distanceBias(T, S), T, S)
  }

  /** @returns [N, T + S - 1] */
  distanceBias(T: number, S: number): tf.Tensor {
    const buckets = Int32Array.from({ length: T + S - 1 }, (_, i) => this.#bucket(i - (S - 1)))
    return tf.transpose(embedding(tf.tensor(buckets, [T + S - 1], 'int32'), this.weight.value)) // [N, T + S - 1]
  }

  /** @param distance position of the key less that of the query */
  #bucket(distance: number): number {
    const all = this.weight.shape[0]!
    const count = this.causal ? all : Math.floor(all / 2)
    const side = !this.causal && distance > 0 ? count : 0
    const far = this.causal ? Math.max(0, -distance) : Math.abs(distance)
    const exact = Math.floor(count / 2)
    if (far < exact) return side + far
    const share = Math.log(far / exact) / Math.log(this.maxDistance / exact)
    return side + Math.min(count - 1, exact + Math.trunc(share * (count - exact)))
  }
}
