import { createRegistry, RandomStream } from '@heddle/core'
import { namedParameters, RMSNorm, withObserver } from '@heddle/layers'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { emptyCache } from './key-value-cache.ts'
import { paddingMask } from './masks.ts'
import { attentionPlugin } from './plugin.ts'
import { positionsPoint } from './positions/positions.ts'
import { SelfAttention, type SelfAttentionConfig } from './self-attention.ts'

beforeAll(useCpu)

const [B, T, D] = [2, 6, 8]
const sizes = { hiddenSize: D, numHeads: 4 }
const registry = createRegistry([attentionPlugin])

function make(config: Partial<SelfAttentionConfig>, positions = 'none', seed = 1) {
  const rng = new RandomStream(seed)
  const context = { ...{ rng, registry, causal: true }, ...sizes, headSize: 2 }
  const norm = () => new RMSNorm({ size: 2 }, rng)
  const parts = {
    queryNorm: norm(),
    keyNorm: norm(),
    positions: registry.create(positionsPoint, { type: positions }, context),
  }
  return new SelfAttention({ ...sizes, ...config }, parts, rng)
}

const cases: Record<string, () => SelfAttention> = {
  'SelfAttention, multi-head': () => new SelfAttention(sizes, {}, new RandomStream(1)),
  'SelfAttention, grouped-query, causal, rotary': () => make({ numKeyValueHeads: 2, causal: true }, 'rotary'),
  'SelfAttention, multi-query, without biases': () => make({ numKeyValueHeads: 1, bias: false }, 'relative-bias'),
}
for (const [name, attention] of Object.entries(cases)) {
  layerContract(name, {
    make: (rng) => {
      const module = attention()
      // The contract compares seeds: the weights are drawn again from its stream.
      for (const [, parameter] of namedParameters(module)) {
        if (parameter.shape.length > 1) tf.tidy(() => parameter.assign(randomTensor(rng, parameter.shape, 0.3)))
      }
      return module
    },
    inputs: (rng) => [randomTensor(rng, [B, 4, D])],
    shapes: [[B, 4, D]],
    // Norms of two numbers are sharply curved.
    gradient: { elements: 3, tolerance: 0.01 },
  })
}

describe('SelfAttention', () => {
  const x = () => randomTensor(new RandomStream(7), [B, T, D])

  it('does not see the future when it is causal, and does otherwise', () => {
    const other = tf.concat([tf.slice(x(), [0, 0, 0], [-1, 4, -1]), tf.ones([B, 2, D])], 1)
    for (const causal of [true, false]) {
      const attention = make({ causal }, 'rotary')
      const start = (input: tf.Tensor) => tf.slice(attention.forward(input), [0, 0, 0], [-1, 4, -1])
      const change = tf.max(tf.abs(tf.sub(start(x()), start(other)))).dataSync()[0]!
      if (causal) expect(change).toBe(0)
      else expect(change).toBeGreaterThan(1e-3)
    }
  })

  it('does not see padding', () => {
    const attention = make({})
    const mask = paddingMask(tf.tensor([T, 3], [B], 'int32'), T)
    const whole = attention.forward(x(), mask)
    const row = tf.slice(x(), [1, 0, 0], [1, 3, -1])
    expectClose(tf.slice(whole, [1, 0, 0], [1, 3, -1]), attention.forward(row))
  })

  it('reports its weights to an observer', () => {
    const attention = make({ causal: true })
    const seen: [string, number[]][] = []
    withObserver(
      attention,
      (path, value) => seen.push([path, value.shape]),
      () => attention.forward(x()),
    )
    expect(seen).toEqual([['weights', [B, 4, T, T]]])
  })

  const kinds = ['none', 'rotary', 'alibi', 'relative-bias']
  const configs: Partial<SelfAttentionConfig>[] = [{}, { numKeyValueHeads: 2 }, { window: 5 }]
  it.each(kinds.flatMap((positions) => configs.map((config) => [positions, config] as const)))(
    'gives the same numbers step by step with a cache: positions %s, %j',
    (positions, config) => {
      const attention = make({ causal: true, ...config }, positions)
      const long = randomTensor(new RandomStream(8), [B, 75, D])
      let cache = emptyCache
      const outputs: tf.Tensor[] = []
      let t = 0
      for (const size of [4, 1, 2, 40, ...new Array<number>(28).fill(1)]) {
        const read = attention.extend(tf.slice(long, [0, t, 0], [-1, size, -1]), cache)
        outputs.push(read.outputs)
        cache = read.cache
        t += size
      }
      expectClose(tf.concat(outputs, 1), attention.forward(long))
    },
  )

  it('refuses sizes that do not divide each other, a window that sees later steps, and a cache of such attention', () => {
    const rng = new RandomStream(1)
    expect(() => new SelfAttention({ hiddenSize: 7, numHeads: 2 }, {}, rng)).toThrow(
      /expected hiddenSize to be a multiple of numHeads \(2\), got 7/,
    )
    expect(() => new SelfAttention({ ...sizes, numKeyValueHeads: 3 }, {}, rng)).toThrow(
      /expected numHeads to be a multiple of numKeyValueHeads \(3\), got 4/,
    )
    expect(() => new SelfAttention({ ...sizes, window: 3 }, {}, rng)).toThrow(/expected causal attention with a window/)
    expect(() => make({}).extend(x(), emptyCache)).toThrow(/extend: expected causal attention/)
  })
})
