import { parseConfig, type RandomStream } from '@heddle/core'
import { embedding, initializers, Module, Parameter, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
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
    // From the nearest key on, so that those of longer inputs begin with those of shorter ones.
    const buckets = (count: number, sign: 1 | -1, first: number) =>
      tf.tensor1d(
        Int32Array.from({ length: count }, (_, i) => this.#bucket(sign * (first + i))),
        'int32',
      )
    const later = buckets(T, 1, 0) // [T]
    const all = S === 1 ? later : tf.concat([tf.reverse(buckets(S - 1, -1, 1)), later]) // [T + S - 1]
    return tf.transpose(embedding(all, this.weight.value)) // [N, T + S - 1]
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

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { relativeBias } = await import('../pytorch/positions.ts')
    return relativeBias(this, source)
  }
}
