import type { RandomStream } from '@heddle/core'
import { initializers, Parameter } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'

// I input size, H hidden size, G gates

export const cellConfig = z.strictObject({
  inputSize: z.int().min(1).describe('features of an input'),
  hiddenSize: z.int().min(1).describe('features of the hidden state'),
})
export type CellConfig = z.input<typeof cellConfig>

export interface RecurrentWeights {
  readonly inputWeight: Parameter // [I, G·H]
  readonly recurrentWeight: Parameter // [H, G·H]
  readonly inputBias: Parameter // [G·H]
  readonly recurrentBias: Parameter // [G·H]
}

/** The weights of a cell with G gates side by side, all uniform in ±1/sqrt(H), as in PyTorch. */
export function recurrentWeights(G: number, I: number, H: number, rng: RandomStream): RecurrentWeights {
  const bound = 1 / Math.sqrt(H)
  const initial = initializers.uniform(-bound, bound)
  return {
    inputWeight: new Parameter([I, G * H], initial, rng),
    recurrentWeight: new Parameter([H, G * H], initial, rng),
    inputBias: new Parameter([G * H], initial, rng),
    recurrentBias: new Parameter([G * H], initial, rng),
  }
}

/** What the fused sequence ops of all cells take besides the state. */
export type SequenceInputs = {
  readonly x: tf.Tensor // [B, T, I]
  readonly h0: tf.Tensor // [B, H]
  readonly inputWeight: tf.Tensor
  readonly recurrentWeight: tf.Tensor
  readonly inputBias: tf.Tensor
  readonly recurrentBias: tf.Tensor
  readonly lengths?: tf.Tensor // [B], int32
}
