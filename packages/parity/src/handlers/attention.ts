import {
  AdditiveAttention,
  AlibiPositions,
  CrossAttention,
  DotAttention,
  GeneralAttention,
  type MemoryAttention,
  RotaryPositions,
  scaledDotProductAttention,
} from '@heddle/attention'
import { RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import { compareComputation, type WeightOf } from '../differentiate.ts'
import { type GoldenCase, setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { projectionWeights } from './transformer-weights.ts'

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

/** attention/{additive_bias, alibi, grouped_query, rotary, sliding_window} */
export const attentionVariantsHandler: Handler = {
  covers: (name) => /^attention\/(additive_bias|alibi|grouped_query|rotary|sliding_window)$/.test(name),
  async compare(golden) {
    const causal = setting<boolean>(golden, 'causal')
    const numHeads = setting<number>(golden, 'heads')
    const window = golden.settings['window'] as number | undefined
    const turn = (x: tf.Tensor) => {
      if (!golden.name.endsWith('rotary')) return x
      const positions = new RotaryPositions({ headSize: x.shape[3]!, base: setting<number>(golden, 'base') })
      return tf.transpose(positions.forward(tf.transpose(x, [0, 2, 1, 3])), [0, 2, 1, 3])
    }
    return compareComputation(golden, {
      weights: {},
      compute: ({ q, k, v, bias }) => {
        const T = q!.shape[2]!
        const added = golden.name.endsWith('alibi') ? new AlibiPositions({ numHeads }).forward(T, T) : bias
        return { y: scaledDotProductAttention(turn(q!), turn(k!), v!, { causal, window, bias: added }) }
      },
    })
  },
}

/** attention/multi_head */
export const multiHeadHandler: Handler = {
  covers: (name) => name === 'attention/multi_head',
  async compare(golden) {
    const [hiddenSize, numHeads] = [setting<number>(golden, 'dim'), setting<number>(golden, 'heads')]
    const attention = new CrossAttention({ hiddenSize, memorySize: hiddenSize, numHeads }, {}, new RandomStream(0))
    return compareComputation(golden, {
      weights: projectionWeights(attention, ''),
      compute: ({ q, kv, pad }) => {
        const keyMask = tf.logicalNot(tf.cast(pad!, 'bool'))
        const { outputs: y, weights } = attention.attend(q!, attention.prepare(kv!, keyMask))
        return { y, weights }
      },
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
