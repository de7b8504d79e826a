import type { RandomStream } from '@heddle/core'
import { embedding, featureCount, initializers, Parameter } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

// B batch, T time, I input size, H hidden size, G gates, V rows of a table

export const cellConfig = z.strictObject({
  inputSize: z.int().min(1).describe('size of the input of a step'),
  hiddenSize: featureCount.describe('size of the hidden state'),
})
export type CellConfig = z.input<typeof cellConfig>

/** Weights of a cell with G gates side by side. */
export interface CellWeights {
  readonly inputWeight: Parameter // [I, G·H]
  readonly recurrentWeight: Parameter // [H, G·H]
  readonly inputBias: Parameter // [G·H]
  readonly recurrentBias: Parameter // [G·H]
}

/** New weights for G gates, all uniform in ±1/sqrt(H), as in PyTorch. */
export function cellWeights(G: number, I: number, H: number, rng: RandomStream): CellWeights {
  const bound = 1 / Math.sqrt(H)
  const initial = initializers.uniform(-bound, bound)
  return {
    inputWeight: new Parameter([I, G * H], initial, rng),
    recurrentWeight: new Parameter([H, G * H], initial, rng),
    inputBias: new Parameter([G * H], initial, rng),
    recurrentBias: new Parameter([G * H], initial, rng),
  }
}

/** Inputs that the sequence ops of RNN, LSTM and GRU have in common. */
export type SequenceInputs = {
  readonly x: tf.Tensor // [B, T, I], or with ids a table [V, I]
  readonly ids?: tf.Tensor // [B, T], int32
  readonly lengths?: tf.Tensor // [B], int32
  readonly h0: tf.Tensor // [B, H]
  readonly inputWeight: tf.Tensor
  readonly recurrentWeight: tf.Tensor
  readonly inputBias: tf.Tensor
  readonly recurrentBias: tf.Tensor
}

/** The values of the weights, by the names that the sequence ops give them. */
export function weightValues({ inputWeight, recurrentWeight, inputBias, recurrentBias }: CellWeights) {
  return {
    inputWeight: inputWeight.value,
    recurrentWeight: recurrentWeight.value,
    inputBias: inputBias.value,
    recurrentBias: recurrentBias.value,
  }
}

/** The input of each step, for the reference formulas: x, or the rows of x by id. [B, T, I] */
export function stepInputs({ x, ids }: Pick<SequenceInputs, 'x' | 'ids'>): tf.Tensor {
  return ids === undefined ? x : embedding(ids, x)
}
