import type { CrossAttention, SelfAttention } from '@heddle/attention'
import type { Linear } from '@heddle/layers'
import type { Computation } from '../differentiate.ts'

type Weights = Computation['weights']

/** A Linear under the names of PyTorch's. */
export function linearWeights({ weight, bias }: Linear, prefix: string): Weights {
  return {
    [`${prefix}.weight`]: { parameter: weight, permutation: [1, 0] },
    ...(bias && { [`${prefix}.bias`]: { parameter: bias } }),
  }
}

/** The four maps of attention under the names of PyTorch's MultiheadAttention. */
export function projectionWeights(
  { query, key, value, output }: SelfAttention | CrossAttention,
  prefix: string,
): Weights {
  const maps = [query, key, value]
  return {
    [`${prefix}in_proj_weight`]: maps.map(({ weight }) => ({ parameter: weight, permutation: [1, 0] })),
    [`${prefix}in_proj_bias`]: maps.map(({ bias }) => ({ parameter: bias! })),
    ...linearWeights(output, `${prefix}out_proj`),
  }
}
