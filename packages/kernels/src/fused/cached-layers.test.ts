import { cachedAttention } from '@heddle/attention'
import { activations, fusedKernel, layerNorm, linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, type TestTensors, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

// L layers, B batch, D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer, U steps of a source,
// V vocabulary

beforeAll(async () => {
  await useWasm()
})

type Activation = keyof typeof activations

interface Stack {
  readonly L?: number
  readonly B: number
  readonly D: number
  readonly N: number
  readonly G: number
  readonly K: number
  readonly F: number
  readonly V: number
  readonly U?: number
  readonly normFirst?: boolean
  /** RMSNorm without biases in place of LayerNorm, a gate, and no biases of maps. */
  readonly modern?: boolean
  /** Norms of each head's queries and keys. */
  readonly headNorms?: boolean
  /** R */
  readonly rotated?: number
  readonly scoreBias?: boolean
  readonly window?: number
  /** Whether the output layer is a table. */
  readonly tied?: boolean
  readonly activation?: Activation
  /** First step of each row. */
  readonly starts?: readonly number[]
}

interface Map_ {
  readonly weight: tf.Tensor
  readonly bias?: tf.Tensor | undefined
}
interface Norm {
  readonly weight: tf.Tensor
  readonly bias?: tf.Tensor | undefined
  readonly centered: boolean
  readonly epsilon: number
}

const epsilon = 1e-5

function makeWeights({ normal }: TestTensors, stack: Stack) {
  const { L = 1, D, N, G, K, F, V, U, modern = false, headNorms, tied } = stack
  const map = (from: number, to: number): Map_ => ({
    weight: normal([from, to], 1 / Math.sqrt(from)),
    bias: modern ? undefined : normal([to]),
  })
  const norm = (size: number): Norm => ({
    ...{ weight: normal([size]), bias: modern ? undefined : normal([size]) },
    ...{ centered: !modern, epsilon },
  })
  const headNorm = () => (headNorms ? norm(K) : undefined)
  const layers = Array.from({ length: L }, () => ({
    attention: {
      ...{ norm: norm(D), query: map(D, N * K), key: map(D, G * K), value: map(D, G * K), output: map(N * K, D) },
      ...{ queryNorm: headNorm(), keyNorm: headNorm() },
    },
    ...(U !== undefined && {
      source: { norm: norm(D), query: map(D, N * K), output: map(N * K, D), queryNorm: headNorm() },
    }),
    network: { norm: norm(D), inner: map(D, F), output: map(F, D), ...(modern && { gate: map(D, F) }) },
  }))
  const head: { norm: Norm; map?: Map_; bias?: tf.Tensor } = {
    norm: norm(D),
    ...(tied ? { bias: normal([V]) } : { map: map(D, V) }),
  }
  return { layers, head, ...(tied && { table: normal([V, D]) }) }
}
type Weights = ReturnType<typeof makeWeights>

function makeSource({ normal }: TestTensors, { L = 1, B, N, K, U }: Stack): Record<string, tf.Tensor> {
  if (U === undefined) return {}
  const heads = () => normal([B, N, U, K])
  const each = Array.from({ length: L }, (_, i) => ({ [`sourceKeys${i}`]: heads(), [`sourceValues${i}`]: heads() }))
  return { ...Object.assign({}, ...each), sourceBias: normal([B, 1, 1, U]) }
}

const angles = (rotated: number, t: number) => {
  const turns = Array.from({ length: rotated / 2 }, (_, i) => t * 10 ** (-i / rotated))
  return { cos: Float32Array.from(turns, Math.cos), sin: Float32Array.from(turns, Math.sin) }
}

function attributesOf(stack: Stack, { layers, head }: Weights, t: number) {
  const { N, G, normFirst = true, rotated = 0, activation = 'gelu', window, starts } = stack
  return {
    ...{ normFirst, activation, numHeads: N, numKeyValueHeads: G, length: t, window, layers, head },
    ...(rotated > 0 && { rotation: angles(rotated, t) }),
    ...(starts && { starts: Int32Array.from(starts) }),
  }
}

const kernel = (inputs: Record<string, tf.Tensor>, attributes: object) =>
  fusedKernel('HeddleCachedLayers')!(inputs, attributes)

interface Caches {
  readonly keys: tf.Tensor
  readonly values: tf.Tensor
}

/** The stack in plain operations; caches hold the steps before, [B, G, S, K] for each layer. */
function reference(
  stack: Stack,
  x: tf.Tensor,
  { layers, head, table }: Weights,
  source: Record<string, tf.Tensor>,
  t: number,
  scoreBias: tf.Tensor | undefined,
  caches: readonly Caches[],
) {
  const { B, D, N, G, K, normFirst = true, rotated = 0, activation = 'gelu', window, starts, V } = stack
  const norm = (input: tf.Tensor, weights: Norm | undefined) => {
    if (weights === undefined) return input
    const { weight, bias, centered } = weights
    if (centered) return layerNorm(input, weight, bias, epsilon)
    return tf.mul(tf.div(input, tf.sqrt(tf.add(tf.mean(tf.square(input), -1, true), epsilon))), weight)
  }
  const map = (input: tf.Tensor, { weight, bias }: Map_) => linear(input, weight, bias)
  const sublayer = (input: tf.Tensor, weights: Norm, f: (x: tf.Tensor) => tf.Tensor) =>
    normFirst ? tf.add(input, f(norm(input, weights))) : norm(tf.add(input, f(input)), weights)
  const turned = (heads: tf.Tensor) => {
    if (rotated === 0) return heads
    const { cos, sin } = angles(rotated, t)
    const half = rotated / 2
    const parts = tf.split(heads, [half, half, K - rotated].filter(Boolean), 3)
    const [first, second, ...rest] = parts as [tf.Tensor, tf.Tensor, ...tf.Tensor[]]
    const both = [tf.sub(tf.mul(first, cos), tf.mul(second, sin)), tf.add(tf.mul(second, cos), tf.mul(first, sin))]
    return tf.concat([...both, ...rest], 3)
  }
  const split = (flat: tf.Tensor, count: number) => tf.reshape(flat, [B, count, 1, K])
  const joined = (context: tf.Tensor) => tf.reshape(context, [B, 1, N * K])
  const kept: Caches[] = []
  let h = x
  let sourceWeights: tf.Tensor | undefined
  for (const [i, { attention, source: across, network }] of layers.entries()) {
    h = sublayer(h, attention.norm, (input) => {
      const key = turned(norm(split(map(input, attention.key), G), attention.keyNorm))
      const value = split(map(input, attention.value), G)
      const before = caches[i]
      const keys = before === undefined ? key : tf.concat([before.keys, key], 2)
      const values = before === undefined ? value : tf.concat([before.values, value], 2)
      kept.push({ keys, values })
      const query = turned(norm(split(map(input, attention.query), N), attention.queryNorm))
      const hidden =
        starts &&
        tf.tensor(
          starts.flatMap((start) => rowOf(t + 1, start)),
          [B, 1, 1, t + 1],
        )
      const biases = [scoreBias, hidden].filter((one) => one !== undefined)
      const options = { window, ...(biases.length > 0 && { bias: () => biases.reduce((a, b) => tf.add(a, b)) }) }
      const context = cachedAttention(query, { keys: [keys], values: [values], length: t + 1 }, options)
      return map(joined(context), attention.output)
    })
    if (across !== undefined) {
      h = sublayer(h, across.norm, (input) => {
        const query = norm(split(map(input, across.query), N), across.queryNorm)
        const scores = tf.mul(tf.matMul(query, source[`sourceKeys${i}`]!, false, true), 1 / Math.sqrt(K))
        const weights = tf.softmax(tf.add(scores, source['sourceBias']!))
        sourceWeights = tf.reshape(tf.mean(weights, 1), [B, -1])
        return map(joined(tf.matMul(weights, source[`sourceValues${i}`]!)), across.output)
      })
    }
    h = sublayer(h, network.norm, (input) => {
      const [inner, f] = [map(input, network.inner), activations[activation]]
      return map(network.gate ? tf.mul(f(map(input, network.gate)), inner) : f(inner), network.output)
    })
  }
  const read = tf.reshape(normFirst ? norm(h, head.norm) : h, [B, D]) as tf.Tensor2D
  const logits =
    table === undefined ? map(read, head.map!) : tf.add(tf.matMul(read, table as tf.Tensor2D, false, true), head.bias!)
  return { logits: tf.reshape(logits, [B, V]), caches: kept, sourceWeights }
}

const rowOf = (steps: number, start: number) => Array.from({ length: steps }, (_, s) => (s < start ? -1e9 : 0))

/** Runs `steps` steps by kernel and formula and compares all outputs. */
function compare(stack: Stack, steps: number) {
  tf.tidy(() => {
    const make = testTensors(5)
    const weights = makeWeights(make, stack)
    const source = makeSource(make, stack)
    const { B, D, N, G, K } = stack
    const first = Math.max(0, ...(stack.starts ?? []))
    let kept: Caches[] = weights.layers.flatMap(() =>
      first === 0 ? [] : [{ keys: make.normal([B, G, first, K]), values: make.normal([B, G, first, K]) }],
    )
    let state: Record<string, tf.Tensor> = Object.assign(
      {},
      ...kept.map(({ keys, values }, i) => ({ [`keys${i}`]: keys, [`values${i}`]: values })),
    )
    for (let t = first; t < first + steps; t++) {
      const x = make.normal([B, 1, D])
      const scoreBias = stack.scoreBias ? make.normal([1, N, 1, t + 1]) : undefined
      const { table } = weights
      const inputs = { x, ...source, ...state, ...(table && { table }), ...(scoreBias && { scoreBias }) }
      const [logits, packed, caches, sourceWeights] = kernel(inputs, attributesOf(stack, weights, t))
      const formula = reference(stack, x, weights, source, t, scoreBias, kept)
      expect(logits!.shape).toEqual(formula.logits.shape)
      expectClose(logits!.dataSync(), formula.logits.dataSync(), 5e-5)
      if (formula.sourceWeights) expectClose(sourceWeights!.dataSync(), formula.sourceWeights.dataSync(), 2e-5)
      state = { weights: packed!, caches: caches! }
      kept = formula.caches
    }
    const [, , R, , C] = state['caches']!.shape as number[]
    const memory = tf.reshape(state['caches']!, [weights.layers.length * 2, R! * G, C!, K])
    const filled = tf.slice(memory, [0, 0, 0, 0], [-1, B * G, first + steps, -1])
    const wanted = tf.stack(kept.flatMap(({ keys, values }) => [keys, values]))
    expectClose(filled.dataSync(), wanted.dataSync(), 5e-5)
  })
}

const gpt: Stack = { L: 2, B: 1, D: 16, N: 4, G: 4, K: 4, F: 24, V: 11 }
const llama: Stack = { ...gpt, G: 2, modern: true, headNorms: true, rotated: 4, activation: 'silu' }
const odd: Stack = { ...llama, B: 2, D: 13, N: 6, G: 3, K: 7, F: 19, V: 5 }

describe('HeddleCachedLayers', () => {
  it.each<[string, Stack, number]>([
    ['one of everything', { B: 1, D: 1, N: 1, G: 1, K: 1, F: 1, V: 1 }, 3],
    ['GPT', gpt, 5],
    ['GPT, post-norm, three rows', { ...gpt, B: 3, normFirst: false }, 4],
    ['GPT, past the first room of the cache', { ...gpt, B: 2, D: 6, N: 2, G: 2, K: 3, F: 5 }, 140],
    ['GPT, a table for output', { ...gpt, B: 2, tied: true, V: 21 }, 3],
    ['modern', llama, 5],
    ['modern, odd sizes, part of a head turned', odd, 4],
    ['modern, post-norm', { ...odd, normFirst: false }, 3],
    ['one head of keys, biases of scores', { ...gpt, G: 1, scoreBias: true }, 4],
    ['a window', { ...gpt, window: 3, scoreBias: true }, 6],
    ['rows that start late', { ...gpt, B: 3, starts: [2, 0, 5] }, 3],
    ['rows that start late, and a window', { ...gpt, B: 2, starts: [4, 0], window: 3 }, 4],
    ['a source', { ...gpt, B: 2, U: 5 }, 3],
    ['a source, post-norm, norms of heads', { ...odd, U: 3, normFirst: false }, 3],
    ['many rows', { ...gpt, B: 19 }, 3],
    ['large enough for threads', { B: 1, D: 192, N: 3, G: 3, K: 64, F: 768, V: 70 }, 3],
    ['large enough for threads, with a source', { ...llama, B: 3, D: 96, K: 32, F: 200, U: 9 }, 3],
  ])('agrees with the formula: %s', (_, stack, steps) => {
    compare(stack, steps)
  })

  it.each(Object.keys(activations) as Activation[])('agrees with the formula: %s', (activation) => {
    compare({ ...gpt, activation }, 1)
    compare({ ...llama, activation }, 1)
  })
})

describe('HeddleCachedLayers, state', () => {
  type State = Record<string, tf.Tensor>
  const text = (stack: Stack) => {
    const make = testTensors(2)
    const weights = makeWeights(make, stack)
    const xs = Array.from({ length: 5 }, () => make.normal([stack.B, 1, stack.D]))
    const step = (i: number, t: number, state: State, other: object = {}) => {
      const [logits, packed, caches] = kernel({ x: xs[i]!, ...state }, { ...attributesOf(stack, weights, t), ...other })
      return { logits: logits!.dataSync(), state: { weights: packed!, caches: caches! } }
    }
    const read = (order: readonly number[]) => {
      let state: State = {}
      return order.map((i, t) => {
        const result = step(i, t, state)
        state = result.state
        return result
      })
    }
    return { weights, step, read }
  }

  it('lets two texts go on from the same caches', () => {
    tf.tidy(() => {
      const { step, read } = text(gpt)
      const first = read([0, 1, 2])
      const second = step(3, 2, first[1]!.state)
      const third = step(4, 3, first[2]!.state)
      const fourth = step(4, 3, second.state)
      expect(second.logits).toEqual(read([0, 1, 3])[2]!.logits)
      expect(third.logits).toEqual(read([0, 1, 2, 4])[3]!.logits)
      expect(fourth.logits).toEqual(read([0, 1, 3, 4])[3]!.logits)
    })
  })

  it('copies neither weights nor caches from step to step', () => {
    tf.tidy(() => {
      const { step } = text(gpt)
      const { state } = step(0, 0, {})
      const before = tf.memory().numDataBuffers
      const next = step(1, 1, state).state
      expect(next['weights']!.dataId).toBe(state['weights']!.dataId)
      expect(next['caches']!.dataId).toBe(state['caches']!.dataId)
      expect(tf.memory().numDataBuffers - before).toBe(1)
    })
  })

  it('packs weights anew when an optimizer or an assignment has changed them', () => {
    tf.tidy(() => {
      const { weights, step } = text(gpt)
      const { state } = step(0, 0, {})
      const changed = weights.layers[1]!.network.output.weight
      const gradient = tf.ones(changed.shape)
      const rates = { learningRates: [0.1], weightDecays: [0], beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }
      const moments = { m: tf.zeros(changed.shape), v: tf.zeros(changed.shape) }
      fusedKernel('HeddleAdamW')!({ value: changed, gradient, ...moments }, { ...rates, step: 1, gradientScale: 1 })
      const after = step(1, 1, state)
      expect(after.state['weights']!.dataId).not.toBe(state['weights']!.dataId)
      const anew = step(1, 1, { caches: state['caches']! })
      expect(after.logits).toEqual(anew.logits)
      expect(step(1, 2, after.state).state['weights']!.dataId).toBe(after.state['weights']!.dataId)
    })
  })

  it('finds steps in the rows where they were written', () => {
    tf.tidy(() => {
      const stack = { ...llama, B: 3 }
      const { step, read } = text(stack)
      const [, , { state }] = read([0, 1, 2]) as [unknown, unknown, { state: State }]
      // Row 0 goes on from row 2, row 1 from row 2 as well, row 2 from row 0; then row 0 from row 1.
      const memory = state['caches']!
      const [L2, G, C, K] = [4, memory.shape[3]!, memory.shape[4]!, stack.K]
      const gathered = (rows: number[]) =>
        tf.reshape(
          tf.gather(tf.reshape(memory, [L2, 3, G * C * K]), tf.tensor1d(rows, 'int32'), 1),
          memory.shape as [number, number, number, number, number],
        )
      const rows = [2, 2, 0]
      const plain = step(3, 3, { ...state, caches: gathered(rows) })
      const origins = { rows: Int32Array.from(rows.flatMap((row) => [row, row, row])), steps: 3 }
      const found = step(3, 3, state, { origins })
      expect(found.logits).toEqual(plain.logits)
      expect(found.state['caches']!.dataId).toBe(memory.dataId)
      // A copy has each row in its place, also for more rows than before.
      const again = step(3, 3, state, { origins })
      expect(again.state['caches']!.dataId).not.toBe(memory.dataId)
      expect(step(4, 4, again.state).logits).toEqual(step(4, 4, plain.state).logits)
    })
  })

  it('refuses what does not fit', () => {
    tf.tidy(() => {
      const make = testTensors(1)
      const weights = makeWeights(make, gpt)
      const attributes = attributesOf(gpt, weights, 0)
      const [layer, second] = weights.layers as [Weights['layers'][0], Weights['layers'][0]]
      const run =
        (changed: Record<string, tf.Tensor>, other: object = {}) =>
        () =>
          kernel({ x: make.normal([1, 1, gpt.D]), ...changed }, { ...attributes, ...other })
      const withKey = (weight: tf.Tensor) => [{ ...layer, attention: { ...layer.attention, key: { weight } } }, second]
      expect(run({ x: make.normal([1, 2, gpt.D]) })).toThrow(/expected x float32 \[1,1,16\], got float32 \[1,2,16\]/)
      expect(run({}, { layers: withKey(make.normal([16, 15])) })).toThrow(
        /expected key of layer 0 float32 \[16,16\], got float32 \[16,15\]/,
      )
      expect(run({}, { layers: [] })).toThrow(/expected at least one layer, got none/)
      expect(run({}, { numKeyValueHeads: 3 })).toThrow(
        /expected numHeads and numKeyValueHeads that divide, got 4 and 3/,
      )
      expect(run({}, { length: 1 })).toThrow(/expected keys of layer 0 float32 \[1,4,0,4\], got nothing/)
      expect(run({ caches: make.normal([2, 2, 1, 4, 2, 4]) }, { length: 3 })).toThrow(
        /expected caches float32 \[2,2,1,4,3,4\], got float32 \[2,2,1,4,2,4\]/,
      )
      expect(run({}, { activation: 'sine' })).toThrow(/expected an activation of identity, .*, got sine/)
      expect(run({}, { rotation: angles(6, 1) })).toThrow(/expected a rotation of at most 4 numbers, got 6/)
      expect(run({}, { starts: Int32Array.of(1) })).toThrow(/expected starts to be numbers from 0 to 0, got 1/)
      expect(run({ scoreBias: make.normal([1, 4, 1, 3]) })).toThrow(/expected scoreBias float32 \[1,4,1,1\]/)
      expect(run({}, { head: {} })).toThrow(/expected a table or head.map, got neither/)
      expect(run({ table: make.normal([3, 16]) })).toThrow(/expected a table or head.map, got both/)
    })
  })
})
