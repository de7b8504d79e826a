import type { WeightMatrix } from './attention-heads.ts'

// L layers, T tokens

/**
 * Attention rollout: how much of each input token arrives in each output token when the layers pass on what they attend to, and
 * half of it by their residual connections.
 *
 *     Ā_l = ½·mean over heads(A_l) + ½·I
 *     rollout = Ā_L · … · Ā_1
 *
 * @param layers the mean over heads of each layer of self-attention, bottom to top, each [T, T]
 * @returns [T, T]; each row sums to 1
 * @see Abnar & Zuidema 2020, "Quantifying attention flow in Transformers"
 */
export function attentionRollout(layers: readonly WeightMatrix[]): number[][] {
  const [first, ...others] = layers.map(withResidual)
  return others.reduce((below, layer) => product(layer, below), first ?? [])
}

/** ½·A + ½·I, with rows that sum to 1. */
export function withResidual(weights: WeightMatrix): number[][] {
  return weights.map((row, t) => {
    const sum = row.reduce((total, weight) => total + weight, 1)
    return row.map((weight, s) => (weight + (s === t ? 1 : 0)) / sum)
  })
}

/** Mean of matrices of one shape. */
export function meanWeights(matrices: readonly WeightMatrix[]): number[][] {
  const [first = []] = matrices
  return first.map((row, t) =>
    row.map((_, s) => matrices.reduce((sum, matrix) => sum + matrix[t]![s]!, 0) / matrices.length),
  )
}

function product(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  const width = b[0]?.length ?? 0
  return a.map((row) => {
    const out = new Array<number>(width).fill(0)
    for (const [k, weight] of row.entries()) {
      if (weight === 0) continue
      const from = b[k]!
      for (let s = 0; s < width; s++) out[s]! += weight * from[s]!
    }
    return out
  })
}
