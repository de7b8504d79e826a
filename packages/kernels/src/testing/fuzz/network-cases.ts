import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Generator } from './elementwise-cases.ts'
import type { Data, Random } from './random.ts'

function product(random: Random) {
  const [m, k, n] = [random.size(), random.size(), random.size()]
  const batch = random.shape(0, 2)
  const [transposeA, transposeB] = [random.chance(0.5), random.chance(0.5)]
  const inner = random.chance(0.97) ? k : k + 1
  const a = random.data([...random.partner(batch), ...(transposeA ? [k, m] : [m, k])])
  const b = random.data([...batch, ...(transposeB ? [n, inner] : [inner, n])])
  return { a, b, n, attrs: { transposeA, transposeB } }
}

function recurrent(gates: number, cell: boolean): Generator {
  return (random) => {
    const [B, T, I, H] = [random.size(5), random.size(5), random.size(9), random.size(17)]
    const withIds = random.chance(0.3)
    const V = random.size(9)
    const inputs: Record<string, Data | undefined> = {
      x: random.data(withIds ? [V, I] : [B, T, I]),
      h0: random.data([B, H]),
      c0: cell ? random.data([B, H]) : undefined,
      inputWeight: random.data([I, gates * H]),
      recurrentWeight: random.data([H, gates * H]),
      inputBias: random.data([gates * H]),
      recurrentBias: random.data([random.chance(0.97) ? gates * H : gates * H + 1]),
      lengths: random.chance(0.5) ? random.indices([B], T + 1) : undefined,
      ids: withIds ? random.indices([B, T], V) : undefined,
    }
    return { inputs, attrs: { reverse: random.chance(0.5), activation: 'tanh' } }
  }
}

const linears =
  (count: number): Generator =>
  (random) => {
    const x = random.shape(1, 3)
    const inputs: Record<string, Data | undefined> = { x: random.data(x) }
    for (let i = 0; i < count; i++) {
      const [I, O] = [random.chance(0.97) ? x.at(-1)! : x.at(-1)! + 1, random.size()]
      inputs[`weight${i}`] = random.data([I, O])
      if (random.chance(0.5)) inputs[`bias${i}`] = random.data([O])
    }
    return { inputs, attrs: {} }
  }

const normalization =
  (centred: boolean): Generator =>
  (random) => {
    const x = random.shape(1, 3)
    const D = random.chance(0.97) ? x.at(-1)! : x.at(-1)! + 1
    return {
      inputs: { x: random.data(x), weight: random.data([D]), bias: centred ? random.data([D]) : undefined },
      attrs: { epsilon: 1e-5 },
    }
  }

/** Parameters, gradients and moments of an optimizer's step. */
function optimizer(random: Random, groups: number) {
  const shapes = Array.from({ length: random.integer(1, 4) }, () => random.shape(0, 2))
  const tensors = Array.from({ length: groups }, () => shapes.map((shape) => random.data(shape))).flat()
  const inputs = Object.fromEntries(tensors.map((tensor, i) => [String(i), tensor]))
  return { inputs, count: shapes.length, inPlace: Object.keys(inputs) }
}

/** A step of Transformer layers, whose weights are attributes. */
function cachedLayers(random: Random): ReturnType<Generator> {
  const [L, B, D, K] = [random.integer(1, 3), random.size(9), random.size(17), random.integer(1, 9)]
  const [F, V, G, U] = [random.size(17), random.size(17), random.integer(1, 3), random.integer(0, 3)]
  const N = G * random.integer(1, 3)
  const length = random.integer(0, 5)
  const room = length + random.integer(random.chance(0.97) ? 0 : -1, 3)
  const rows = Math.max(0, B + random.integer(random.chance(0.9) ? 0 : -1, 2))
  const half = random.integer(0, Math.floor(K / 2) + (random.chance(0.97) ? 0 : 1))
  const optional = (shape: readonly number[]) => (random.chance(0.5) ? random.data(shape) : undefined)
  const inputs: Record<string, Data | undefined> = {
    x: random.data([B, 1, D]),
    scoreBias: optional([1, N, 1, length + 1]),
  }
  type Tensors = Readonly<Record<string, TensorInfo | undefined>>
  const map = (name: string, from: number, to: number) => {
    inputs[name] = random.data([from, random.chance(0.995) ? to : to + 1])
    inputs[`${name} bias`] = optional([to])
    return (tensors: Tensors) => ({ weight: tensors[name]!, bias: tensors[`${name} bias`] })
  }
  const norm = (name: string, size: number) => {
    const weights = map(name, size, 1)
    inputs[name] = random.data([size])
    inputs[`${name} bias`] = optional([size])
    return (tensors: Tensors) => ({ ...weights(tensors), centered: true, epsilon: 1e-5 })
  }
  const gated = random.chance(0.5)
  const layers = Array.from({ length: L }, (_, i) => {
    const [attentionNorm, queryNorm, keyNorm] = [norm(`norm${i}`, D), norm(`q norm${i}`, K), norm(`k norm${i}`, K)]
    const [query, output] = [map(`query${i}`, D, N * K), map(`output${i}`, N * K, D)]
    const [key, value] = [map(`key${i}`, D, G * K), map(`value${i}`, D, G * K)]
    const [inner, gate, back] = [map(`inner${i}`, D, F), map(`gate${i}`, D, F), map(`back${i}`, F, D)]
    if (U > 0) {
      for (const name of ['sourceKeys', 'sourceValues']) inputs[`${name}${i}`] = random.data([rows, N, U, K])
    }
    if (length > 0 && room === 0) {
      for (const name of ['keys', 'values']) inputs[`${name}${i}`] = random.data([B, G, length, K])
    }
    return (tensors: Tensors) => ({
      attention: {
        ...{ norm: attentionNorm(tensors), query: query(tensors), key: key(tensors), value: value(tensors) },
        ...{ output: output(tensors), queryNorm: queryNorm(tensors), keyNorm: keyNorm(tensors) },
      },
      ...(U > 0 && { source: { norm: attentionNorm(tensors), query: query(tensors), output: output(tensors) } }),
      network: {
        ...{ norm: attentionNorm(tensors), inner: inner(tensors), output: back(tensors) },
        ...(gated && { gate: gate(tensors) }),
      },
    })
  })
  if (room > 0) inputs['caches'] = random.data([L, 2, rows, G, room, K])
  if (U > 0) inputs['sourceBias'] = optional([rows, 1, 1, U])
  const tied = random.chance(0.5)
  if (tied) inputs['table'] = random.data([V, D])
  const [finalNorm, logits] = [norm('final norm', D), map('logits', D, V)]
  const indices = (count: number, end: number) => Int32Array.from({ length: count }, () => random.integer(0, end))
  const steps = random.integer(0, length)
  const slip = random.chance(0.97) ? 0 : 1
  const angles = () => Float32Array.from({ length: half }, () => random.uniform())
  return {
    inputs,
    inPlace: ['caches'],
    attrs: {
      ...{ normFirst: random.chance(0.5), numHeads: N, numKeyValueHeads: G, length, window: random.integer(0, 4) },
      ...{ activation: random.pick(['relu', 'gelu', 'gelu-tanh', 'silu']), rotation: { cos: angles(), sin: angles() } },
      ...(random.chance(0.5) && { starts: indices(B, length + slip) }),
      ...(room > 0 && steps > 0 && { origins: { rows: indices(B * steps, Math.max(0, rows - 1 + slip)), steps } }),
      ...(random.chance(0.5) && { sourceRows: indices(B, Math.max(0, rows - 1 + slip)) }),
    } as never,
    attributesOf: (tensors) => ({
      layers: layers.map((layer) => layer(tensors)),
      head: {
        norm: finalNorm(tensors),
        ...(tied ? { bias: tensors['logits bias'] } : { map: logits(tensors) }),
      },
    }),
  }
}

/** Generators of matrix products and of Heddle's fused operations. */
export const networkCases: Readonly<Record<string, Generator>> = {
  BatchMatMul: (random) => {
    const { a, b, attrs } = product(random)
    // The cpu backend broadcasts some batches only.
    const alone = `${a.shape.slice(0, -2)}` !== `${b.shape.slice(0, -2)}`
    return { inputs: { a, b }, attrs, alone }
  },
  _FusedMatMul: (random) => {
    const { a, b, n, attrs } = product(random)
    const bias = random.chance(0.5) ? random.data([n]) : undefined
    return {
      alone: `${a.shape.slice(0, -2)}` !== `${b.shape.slice(0, -2)}`,
      inputs: { a, b, bias },
      attrs: {
        ...attrs,
        activation: random.pick(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu']),
        leakyreluAlpha: 0.3,
      },
    }
  },
  HeddleRnnSequence: recurrent(1, false),
  HeddleLstmSequence: recurrent(4, true),
  HeddleGruSequence: recurrent(3, false),
  HeddleAdditiveGruDecoder: (random) => {
    const [B, T, S, E, H, M, A] = [
      random.size(4),
      random.size(4),
      random.size(5),
      random.size(9),
      random.size(9),
      random.size(9),
      random.size(9),
    ]
    return {
      inputs: {
        x: random.data([B, T, E]),
        h0: random.data([B, H]),
        memory: random.data([B, S, M]),
        keys: random.data([B, S, A]),
        bias: random.chance(0.5) ? random.data([B, S]) : undefined,
        queryWeight: random.data([H, A]),
        scoreWeight: random.data([A, 1]),
        inputWeight: random.data([E + M, 3 * H]),
        recurrentWeight: random.data([H, 3 * H]),
        inputBias: random.data([3 * H]),
        recurrentBias: random.data([3 * H]),
      },
      attrs: {},
    }
  },
  HeddleAttention: (random) => {
    const [B, G, K, V] = [random.size(3), random.size(3), random.size(9), random.size(9)]
    const [T, S] = [random.size(17), random.size(17)]
    const N = G * (random.chance(0.5) ? 1 : random.size(3))
    const headsFirst = random.chance(0.5)
    const shape = (heads: number, time: number, size: number) =>
      headsFirst ? [B, heads, time, size] : [B, time, heads, size]
    const distances = random.chance(0.97) ? Math.max(0, T + S - 1) : T + S
    const causal = random.chance(0.5)
    return {
      inputs: {
        query: random.data(shape(N, T, K)),
        key: random.data(shape(G, S, K)),
        value: random.data(shape(G, S, V)),
        mask: random.chance(0.5) ? random.data([B, S], 'bool') : undefined,
        distances: random.chance(0.5) ? random.data([N, distances]) : undefined,
      },
      attrs: { causal, scale: 0.4, headsFirst, ...(causal && random.chance(0.5) && { window: random.integer(1, 9) }) },
    }
  },
  HeddleLinear: (random) => {
    const x = random.shape(1, 3)
    const [I, O] = [random.chance(0.97) ? x.at(-1)! : x.at(-1)! + 1, random.size()]
    const bias = random.chance(0.5) ? random.data([O]) : undefined
    return { inputs: { x: random.data(x), weight: random.data([I, O]), bias }, attrs: {} }
  },
  HeddleLinears2: linears(2),
  HeddleLinears3: linears(3),
  HeddleLayerNorm: normalization(true),
  HeddleRmsNorm: normalization(false),
  HeddleCachedLayers: cachedLayers,
  HeddleAdamW: (random) => {
    const { inputs, count, inPlace } = optimizer(random, 4)
    const rates = {
      learningRates: new Array<number>(count).fill(0.1),
      weightDecays: new Array<number>(count).fill(0.1),
    }
    return { inputs, inPlace, attrs: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, step: 3, gradientScale: 1, ...rates } }
  },
  HeddleRotary: (random) => {
    const [T, half] = [random.size(), random.integer(1, 5)]
    const K = 2 * half + random.integer(random.chance(0.03) ? -1 : 0, 3)
    const [x, table] = [
      [random.size(), T, random.size(), K],
      [T, half],
    ]
    const inputs = { x: random.data(x), cos: random.data(table), sin: random.data(table) }
    return { inputs, attrs: { direction: random.pick([1, -1]) } }
  },
  HeddleMuon: (random) => {
    const shapes = Array.from({ length: random.integer(1, 4) }, () => [random.size(), random.size()])
    const inputs = [0, 1, 2].flatMap(() => shapes.map((shape) => random.data(shape)))
    const rates = shapes.map(() => 0.1)
    return {
      inputs: Object.fromEntries(inputs.map((input, i) => [i, input])),
      inPlace: Object.keys(inputs),
      attrs: { momentum: 0.9, newtonSchulzSteps: random.integer(1, 5), gradientScale: 1, rates, decays: rates },
    }
  },
  HeddleSgd: (random) => {
    const momentum = random.pick([0, 0.9])
    const { inputs, count, inPlace } = optimizer(random, momentum > 0 ? 3 : 2)
    const rates = {
      learningRates: new Array<number>(count).fill(0.1),
      weightDecays: new Array<number>(count).fill(0.1),
    }
    return { inputs, inPlace, attrs: { momentum, nesterov: random.chance(0.5), gradientScale: 1, ...rates } }
  },
  HeddleGlobalNorm: (random) => ({ inputs: optimizer(random, 1).inputs, attrs: {} }),
}
