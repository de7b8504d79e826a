import type { Recurrent, RecurrentCell } from '@heddle/rnn'
import type { WeightOf } from '../differentiate.ts'

/**
 * Our parameters for the weights of PyTorch's RNN, LSTM and GRU (`weight_ih_l0_reverse`) or, with no layer numbers, of its cells.
 */
export function recurrentWeightsOf(recurrent: Recurrent, prefix = '', numbered = true): Record<string, WeightOf> {
  const weights: Record<string, WeightOf> = {}
  recurrent.layers.forEach(({ forward, backward }, layer) => {
    for (const [cell, suffix] of [
      [forward, ''],
      [backward, '_reverse'],
    ] as const) {
      if (cell === undefined) continue
      const name = numbered ? `_l${layer}${suffix}` : ''
      const own = cell as RecurrentCell & Record<string, WeightOf['parameter']>
      weights[`${prefix}weight_ih${name}`] = { parameter: own['inputWeight']!, permutation: [1, 0] }
      weights[`${prefix}weight_hh${name}`] = { parameter: own['recurrentWeight']!, permutation: [1, 0] }
      weights[`${prefix}bias_ih${name}`] = { parameter: own['inputBias']! }
      weights[`${prefix}bias_hh${name}`] = { parameter: own['recurrentBias']! }
    }
  })
  return weights
}
