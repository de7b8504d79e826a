import { cachedAttention } from '@heddle/attention'
import { activations, fusedKernel, layerNorm, linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, type TestTensors, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

// B batch, D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer

beforeAll(async () => {
  await useWasm()
})

type Activation = keyof typeof activations

interface Layer {
  readonly B: number
  readonly D: number
  readonly N: number
  readonly G: number
  readonly K: number
  readonly F: number
  readonly normFirst?: boolean
  /** RMSNorm without biases in place of LayerNorm, a gate, and no biases of maps. */
  readonly modern?: boolean
  /** Norms of each head's queries and keys. */
  readonly headNorms?: boolean
  /** R */
  readonly rotated?: number
  readonly scoreBias?: boolean
  readonly activation?: Activation
  readonly without?: 'attention' | 'network'
}

type Tensors = Record<string, tf.Tensor>

function makeWeights({ normal }: TestTensors, { D, N, G, K, F, modern, headNorms, without }: Layer): Tensors {
  const map = (name: string, from: number, to: number) => ({
    [`${name}Weight`]: normal([from, to], 1 / Math.sqrt(from)),
    ...(!modern && { [`${name}Bias`]: normal([to]) }),
  })
  const norm = (name: string, size: number) => ({
    [`${name}Weight`]: normal([size]),
    ...(!modern && { [`${name}Bias`]: normal([size]) }),
  })
  const attention = {
    ...{ ...norm('attentionNorm', D), ...map('query', D, N * K), ...map('key', D, G * K) },
    ...{ ...map('value', D, G * K), ...map('output', N * K, D) },
    ...(headNorms && { ...norm('queryNorm', K), ...norm('keyNorm', K) }),
  }
  const network = {
    ...{ ...norm('networkNorm', D), ...map('inner', D, F), ...map('networkOutput', F, D) },
    ...(modern && map('gate', D, F)),
  }
  return { ...(without !== 'attention' && attention), ...(without !== 'network' && network) }
}

const angles = (rotated: number, t: number) => {
  const turns = Array.from({ length: rotated / 2 }, (_, i) => t * 10 ** (-i / rotated))
  return { cos: Float32Array.from(turns, Math.cos), sin: Float32Array.from(turns, Math.sin) }
}

const epsilon = 1e-5

function attributesOf({ N, G, normFirst = true, modern = false, rotated = 0, activation = 'gelu' }: Layer, t: number) {
  const norm = { centered: !modern, epsilon }
  return {
    ...{ normFirst, activation, numHeads: N, numKeyValueHeads: G, length: t },
    ...{ attentionNorm: norm, networkNorm: norm, queryNorm: norm, keyNorm: norm },
    ...(rotated > 0 && { rotation: angles(rotated, t) }),
  }
}

const kernel = (inputs: Tensors, attributes: object) => fusedKernel('HeddleCachedLayer')!(inputs, attributes)

/** The layer in plain operations; keys and values hold the steps before. */
function reference(
  layer: Layer,
  x: tf.Tensor,
  weights: Tensors,
  t: number,
  scoreBias?: tf.Tensor,
  caches?: tf.Tensor[],
) {
  const { B, N, G, K, normFirst = true, modern = false, rotated = 0, activation = 'gelu', without } = layer
  const norm = (name: string, input: tf.Tensor) => {
    const [weight, bias] = [weights[`${name}Weight`]!, weights[`${name}Bias`]]
    if (!modern) return layerNorm(input, weight, bias, epsilon)
    return tf.mul(tf.div(input, tf.sqrt(tf.add(tf.mean(tf.square(input), -1, true), epsilon))), weight)
  }
  const map = (name: string, input: tf.Tensor) => linear(input, weights[`${name}Weight`]!, weights[`${name}Bias`])
  const sublayer = (name: string, input: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor) =>
    normFirst ? tf.add(input, f(norm(name, input))) : norm(name, tf.add(input, f(input)))
  const head = (name: string, input: tf.Tensor, count: number) => {
    const split = tf.reshape(map(name, input), [B, count, 1, K])
    const normed = weights[`${name}NormWeight`] === undefined ? split : norm(`${name}Norm`, split)
    if (rotated === 0) return normed
    const { cos, sin } = angles(rotated, t)
    const half = rotated / 2
    const parts = tf.split(normed, [half, half, K - rotated].filter(Boolean), 3)
    const [first, second, ...rest] = parts as [tf.Tensor, tf.Tensor, ...tf.Tensor[]]
    const turned = [tf.sub(tf.mul(first, cos), tf.mul(second, sin)), tf.add(tf.mul(second, cos), tf.mul(first, sin))]
    return tf.concat([...turned, ...rest], 3)
  }
  let kept = caches
  const attend = (input: tf.Tensor) => {
    const key = head('key', input, G)
    const value = tf.reshape(map('value', input), [B, G, 1, K])
    kept = kept === undefined ? [key, value] : [tf.concat([kept[0]!, key], 2), tf.concat([kept[1]!, value], 2)]
    const cache = { keys: [kept[0]!], values: [kept[1]!], length: t + 1 }
    const context = cachedAttention(head('query', input, N), cache, { ...(scoreBias && { bias: () => scoreBias }) })
    return map('output', tf.reshape(context, [B, 1, N * K]))
  }
  const network = (input: tf.Tensor) => {
    const inner = map('inner', input)
    const f = activations[activation]
    return map('networkOutput', modern ? tf.mul(f(map('gate', input)), inner) : f(inner))
  }
  const h = without === 'attention' ? x : sublayer('attentionNorm', x, attend)
  return { y: without === 'network' ? h : sublayer('networkNorm', h, network), caches: kept }
}

/** Runs `steps` steps by kernel and formula and compares every output, and the caches at the end. */
function compare(layer: Layer, steps: number) {
  tf.tidy(() => {
    const make = testTensors(5)
    const weights = makeWeights(make, layer)
    let caches: tf.Tensor[] = []
    let wanted: tf.Tensor[] | undefined
    for (let t = 0; t < steps; t++) {
      const x = make.normal([layer.B, 1, layer.D])
      const scoreBias = layer.scoreBias ? make.normal([1, layer.N, 1, t + 1]) : undefined
      const [keys, values] = caches
      const kept = { ...(keys && { keys }), ...(values && { values }), ...(scoreBias && { scoreBias }) }
      const [y, ...next] = kernel({ x, ...weights, ...kept }, attributesOf(layer, t))
      const formula = reference(layer, x, weights, t, scoreBias, wanted)
      expect(y!.shape).toEqual(x.shape)
      expectClose(y!.dataSync(), formula.y.dataSync(), 2e-5)
      caches = next
      wanted = formula.caches
    }
    for (const [i, cache] of caches.entries()) {
      const filled = tf.slice(cache, [0, 0, 0, 0], [-1, -1, steps, -1])
      expectClose(filled.dataSync(), wanted![i]!.dataSync(), 2e-5)
    }
    expect(caches.length).toBe(layer.without === 'attention' ? 0 : 2)
  })
}

const gpt: Layer = { B: 1, D: 16, N: 4, G: 4, K: 4, F: 24 }
const llama: Layer = { ...gpt, G: 2, modern: true, headNorms: true, rotated: 4, activation: 'silu' }

describe('HeddleCachedLayer', () => {
  it.each<[string, Layer, number]>([
    ['one of everything', { B: 1, D: 1, N: 1, G: 1, K: 1, F: 1 }, 3],
    ['GPT', gpt, 5],
    ['GPT, post-norm, three rows', { ...gpt, B: 3, normFirst: false }, 4],
    ['GPT, past the first room of the cache', { ...gpt, B: 2, D: 6, N: 2, G: 2, K: 3, F: 5 }, 140],
    ['modern', llama, 5],
    ['modern, odd sizes, part of a head turned', { ...llama, B: 2, D: 13, N: 6, G: 3, K: 7, F: 19, rotated: 4 }, 4],
    ['one head of keys, biases of scores', { ...gpt, G: 1, scoreBias: true }, 4],
    ['attention alone', { ...gpt, without: 'network' }, 3],
    ['attention alone, post-norm', { ...gpt, without: 'network', normFirst: false }, 3],
    ['a network alone', { ...gpt, without: 'attention' }, 2],
    ['a network alone, post-norm, gated', { ...llama, without: 'attention', normFirst: false }, 2],
    ['large enough for threads', { B: 1, D: 192, N: 3, G: 3, K: 64, F: 768 }, 3],
    ['wider than the columns of a pass', { B: 5, D: 20, N: 2, G: 1, K: 700, F: 5000 }, 2],
  ])('agrees with the formula: %s', (_, layer, steps) => {
    compare(layer, steps)
  })

  it.each(Object.keys(activations) as Activation[])('agrees with the formula: %s', (activation) => {
    compare({ ...gpt, activation }, 1)
    compare({ ...llama, activation }, 1)
  })

  it('lets two texts go on from the same cache', () => {
    tf.tidy(() => {
      const make = testTensors(2)
      const weights = makeWeights(make, gpt)
      const xs = Array.from({ length: 5 }, () => make.normal([1, 1, gpt.D]))
      const step = (x: tf.Tensor, t: number, [keys, values]: tf.Tensor[]) =>
        kernel({ x, ...weights, ...(keys && { keys, values: values! }) }, attributesOf(gpt, t))
      const read = (order: readonly number[]) => {
        let caches: tf.Tensor[] = []
        return order.map((i, t) => {
          const [y, ...next] = step(xs[i]!, t, caches)
          caches = next
          return { y: y!.dataSync(), caches }
        })
      }
      const first = read([0, 1, 2])
      const second = step(xs[3]!, 2, first[1]!.caches)
      const third = step(xs[4]!, 3, first[2]!.caches)
      const fourth = step(xs[4]!, 3, second.slice(1))
      expect(second[0]!.dataSync()).toEqual(read([0, 1, 3])[2]!.y)
      expect(third[0]!.dataSync()).toEqual(read([0, 1, 2, 4])[3]!.y)
      expect(fourth[0]!.dataSync()).toEqual(read([0, 1, 3, 4])[3]!.y)
    })
  })

  it('writes the next step behind the last one without copying the cache', () => {
    tf.tidy(() => {
      const make = testTensors(2)
      const weights = makeWeights(make, gpt)
      const x = make.normal([1, 1, gpt.D])
      const [, keys, values] = kernel({ x, ...weights }, attributesOf(gpt, 0))
      const before = tf.memory().numDataBuffers
      const [, nextKeys] = kernel({ x, ...weights, keys: keys!, values: values! }, attributesOf(gpt, 1))
      expect(nextKeys!.dataId).toBe(keys!.dataId)
      expect(tf.memory().numDataBuffers - before).toBe(1)
    })
  })

  it('refuses what does not fit', () => {
    tf.tidy(() => {
      const make = testTensors(1)
      const weights = makeWeights(make, gpt)
      const inputs = { x: make.normal([1, 1, gpt.D]), ...weights }
      const attributes = attributesOf(gpt, 0)
      const run =
        (changed: Tensors, other: object = {}) =>
        () =>
          kernel({ ...inputs, ...changed }, { ...attributes, ...other })
      expect(run({ x: make.normal([1, 2, gpt.D]) })).toThrow(/expected x float32 \[1,1,16\], got float32 \[1,2,16\]/)
      expect(run({ keyWeight: make.normal([16, 15]) })).toThrow(/expected keyWeight float32 \[16,16\]/)
      expect(run({ networkOutputBias: make.normal([15]) })).toThrow(/expected networkOutputBias float32 \[16\]/)
      expect(run({}, { numKeyValueHeads: 3 })).toThrow(
        /expected numHeads and numKeyValueHeads that divide, got 4 and 3/,
      )
      expect(run({}, { length: 1 })).toThrow(/expected keys float32 \[1,4,0,4\], got nothing/)
      const cache = make.normal([1, 4, 2, 4])
      expect(run({ keys: cache, values: cache }, { length: 3 })).toThrow(/expected length of at most 2, got 3/)
      expect(run({}, { activation: 'sine' })).toThrow(/expected an activation of identity, .*, got sine/)
      expect(run({}, { rotation: angles(6, 1) })).toThrow(/expected a rotation of at most 4 numbers, got 6/)
      expect(run({ scoreBias: make.normal([1, 4, 1, 3]) })).toThrow(/expected scoreBias float32 \[1,4,1,1\]/)
      expect(() => kernel({ x: inputs.x }, attributes)).toThrow(/expected queryWeight or innerWeight, got neither/)
    })
  })
})
