import {
  AdditiveAttention,
  DotAttention,
  GeneralAttention,
  type MemoryAttention,
  scaledDotProductAttention,
} from '@heddle/attention'
import { RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import { compareComputation, type WeightOf } from '../differentiate.ts'
import { type GoldenCase, setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

/** attention/{additive, luong_dot, luong_general} */
export const memoryAttentionHandler: Handler = {
  covers: (name) => /^attention\/(additive|luong_dot|luong_general)$/.test(name),
  async compare(golden) {
    const { attention, weights } = makeAttention(golden)
    return compareComputation(golden, {
      weights,
      compute: ({ state, memory, keep }) => {
        const { context, weights } = attention.forward(state!, attention.prepare(memory!, tf.cast(keep!, 'bool')))
        return { context, weights }
      },
    })
  },
}

/** attention/{sdpa, sdpa_causal, sdpa_padding, sdpa_causal_padding} */
export const scaledDotProductHandler: Handler = {
  covers: (name) => /^attention\/sdpa(_causal)?(_padding)?$/.test(name),
  async compare(golden) {
    const causal = setting<boolean>(golden, 'causal')
    return compareComputation(golden, {
      weights: {},
      compute: ({ q, k, v, keep }) => ({
        y: scaledDotProductAttention(q!, k!, v!, { causal, keyMask: tf.cast(keep!, 'bool') }),
      }),
    })
  },
}

function makeAttention(golden: GoldenCase): { attention: MemoryAttention; weights: Record<string, WeightOf> } {
  const size = (name: string) => golden.tensors.get(name)!.shape.at(-1)!
  const config = { querySize: size('in.state'), memorySize: size('in.memory') }
  const rng = new RandomStream(0)
  if (golden.name.endsWith('luong_dot')) return { attention: new DotAttention(config), weights: {} }
  if (golden.name.endsWith('luong_general')) {
    const attention = new GeneralAttention(config, rng)
    // The case maps the query, [out, in]; here the memory is mapped, with the same matrix as [in, out].
    return { attention, weights: { 'key.weight': { parameter: attention.key.weight } } }
  }
  const attentionSize = golden.tensors.get('w.query.weight')!.shape[0]!
  const attention = new AdditiveAttention({ ...config, attentionSize }, rng)
  const turned = (parameter: WeightOf['parameter']) => ({ parameter, permutation: [1, 0] })
  return {
    attention,
    weights: {
      'query.weight': turned(attention.query.weight),
      'key.weight': turned(attention.key.weight),
      'score.weight': turned(attention.score.weight),
    },
  }
}
