import { paddingMask, scaledDotProductAttention } from '@heddle/attention'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { unpack } from '../embedded.ts'
import type { RawExports } from '../generated/exports.ts'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

// B batch, N heads, G heads of keys and values, T queries, S keys, K size of a query and key, V size of a value

beforeAll(async () => {
  await useWasm()
})

type Sizes = readonly [B: number, N: number, T: number, S: number, K: number, V: number]

interface Options {
  readonly causal?: boolean
  readonly headsFirst?: boolean
  /** How many keys each batch row shows. */
  readonly lengths?: readonly number[]
  readonly window?: number
  /** Number of heads of keys and values (default N). */
  readonly G?: number
  /** Whether a fourth input is added to the scores by distance. */
  readonly distances?: boolean
}

function run(inputs: tf.Tensor[], { causal = false, headsFirst = true, lengths, window }: Options): tf.Tensor {
  const [query, key, value, distanceBias] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?]
  const S = key.shape[headsFirst ? 2 : 1]!
  const keyMask = lengths && { keyMask: paddingMask(tf.tensor(lengths, [lengths.length], 'int32'), S) }
  return scaledDotProductAttention(query, key, value, { causal, headsFirst, window, distanceBias, ...keyMask })
}

function makeInputs(normal: (shape: number[]) => tf.Tensor, [B, N, T, S, K, V]: Sizes, options: Options = {}) {
  const { headsFirst = true, G = N, distances = false } = options
  const shape = (heads: number, time: number, size: number) =>
    headsFirst ? [B, heads, time, size] : [B, time, heads, size]
  const tensors = [normal(shape(N, T, K)), normal(shape(G, S, K)), normal(shape(G, S, V))]
  return distances ? [...tensors, normal([N, T + S - 1])] : tensors
}

describe('HeddleAttention', () => {
  it.each<[Sizes, Options]>([
    [[1, 1, 1, 1, 1, 1], {}],
    [[2, 3, 5, 7, 4, 6], {}],
    [[2, 3, 5, 7, 4, 6], { headsFirst: false, lengths: [3, 7] }],
    [[1, 2, 130, 130, 8, 8], { causal: true }],
    [[2, 2, 33, 33, 16, 5], { causal: true, headsFirst: false, lengths: [33, 9] }],
    [[3, 1, 4, 19, 8, 8], { causal: true }],
    [[2, 2, 1, 40, 8, 8], { causal: true, lengths: [40, 13] }],
    [[2, 1, 6, 4, 3, 3], { causal: true }],
    [[2, 1, 3, 4, 3, 3], { lengths: [0, 4] }],
    [[1, 1, 100, 1000, 4, 4], {}],
    [[2, 4, 7, 7, 5, 3], { G: 2 }],
    [[1, 6, 9, 9, 4, 4], { G: 1, headsFirst: false, causal: true, lengths: [5] }],
    [[1, 2, 150, 150, 8, 8], { causal: true, window: 1 }],
    [[2, 1, 150, 150, 8, 4], { causal: true, window: 20, headsFirst: false, lengths: [150, 31] }],
    [[1, 1, 130, 210, 8, 8], { causal: true, window: 33 }],
    [[1, 1, 9, 5, 3, 3], { causal: true, window: 2 }],
    [[2, 3, 5, 7, 4, 6], { distances: true }],
    [[1, 2, 110, 110, 4, 4], { distances: true, causal: true, lengths: [60], headsFirst: false }],
    [[2, 4, 120, 120, 8, 8], { distances: true, causal: true, window: 17, G: 2, headsFirst: false }],
  ])('agrees with the reference in value and gradient: %j, %j', async (sizes, options) => {
    await expectSameGradientsAsCpu(
      (make) => makeInputs((shape) => make.normal(shape, 2), sizes, options),
      (...inputs) => run(inputs, options),
      { tolerance: 1e-4 },
    )
  })

  it('is zero where nothing is to be seen', () => {
    tf.tidy(() => {
      const inputs = makeInputs(testTensors(1).normal, [2, 1, 3, 4, 3, 3])
      const out = run(inputs, { lengths: [0, 4] }).dataSync()
      expect([...out.subarray(0, 9)]).toEqual(new Array(9).fill(0))
      expect(out.subarray(9).every((value) => value !== 0)).toBe(true)
    })
  })

  it.each<Options>([
    { causal: true },
    { causal: true, window: 7 },
    { causal: true, distances: true, G: 1, headsFirst: false },
  ])('does not see the future, bit for bit: %j', (options) => {
    tf.tidy(() => {
      const [T, seen] = [130, 101]
      const inputs = makeInputs(testTensors(3).normal, [1, 2, T, T, 8, 8], options)
      const time = options.headsFirst === false ? 1 : 2
      const changed = inputs.map((x, i) => {
        if (i > 2) return x
        const [start, rest] = tf.split(x, [seen, T - seen], time) as [tf.Tensor, tf.Tensor]
        return tf.concat([start, tf.sub(3, rest)], time)
      })
      const [now, then] = [inputs, changed].map((all) => tf.split(run(all, options), [seen, T - seen], time))
      expect(now![0]!.dataSync()).toEqual(then![0]!.dataSync())
      expect(now![1]!.dataSync()).not.toEqual(then![1]!.dataSync())
    })
  })

  it('stays exact for scores that no exponential can take', () => {
    tf.tidy(() => {
      const query = tf.tensor4d([1e4, 1e4], [1, 1, 2, 1])
      const key = tf.tensor4d([1e3, -1e3, 0], [1, 1, 3, 1])
      const value = tf.tensor4d([5, 6, 7], [1, 1, 3, 1])
      expect([...run([query, key, value], {}).dataSync()]).toEqual([5, 5])
    })
  })

  it('returns nothing for no queries, and zeros for no keys', () => {
    tf.tidy(() => {
      const { normal } = testTensors(1)
      expect(run(makeInputs(normal, [2, 3, 0, 4, 5, 6]), {}).shape).toEqual([2, 3, 0, 6])
      expect(run(makeInputs(normal, [0, 3, 2, 4, 5, 6]), {}).shape).toEqual([0, 3, 2, 6])
      const out = run(makeInputs(normal, [2, 1, 2, 0, 5, 3]), {})
      expect([...out.dataSync()]).toEqual(new Array(12).fill(0))
    })
  })

  describe.each<[string, Options]>([
    ['all positions', {}],
    ['causal', { causal: true }],
    ['padding', { lengths: [3000] }],
    ['a window', { causal: true, window: 256 }],
    ['biases by distance', { causal: true, distances: true }],
  ])('over 4,096 positions: %s', (_, options) => {
    it('trains without a square of weights in memory', () => {
      const [T, N, K] = [4096, 1, 4]
      const { memory } = (tf.backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } }).wasm.asm
      tf.tidy(() => {
        const inputs = makeInputs(testTensors(1).normal, [1, N, T, T, K, K], options)
        const before = memory.buffer.byteLength
        const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(run(xs, options)))(inputs)
        expect(gradients.every((gradient) => gradient.dataSync().every(Number.isFinite))).toBe(true)
        // One head's weights are 64 MiB.
        expect(memory.buffer.byteLength - before).toBeLessThan(16 * 2 ** 20)
      })
    })
  })

  it('computes for a window what the window costs', async () => {
    const module = new WebAssembly.Module(await unpack((await import('../generated/kernels-simd.ts')).default))
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 })
    const raw = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as RawExports
    const scores = (T: number, window: number) => raw.attentionScores(T, T, window, 1)
    // Hidden scores of a block are those of at most 96 queries beyond the window.
    expect(scores(8192, 256)).toBeLessThan(8192 * (256 + 96))
    expect(scores(8192, 0)).toBeGreaterThan(8192 ** 2 / 2)
    // Scratch memory, in floats, does not grow with the square either.
    expect(raw.attentionScratch(8192, 8192, 256, 1)).toBeLessThan(2 * 96 * (256 + 96) + 8192 + 96)
  })

  it('reads no key outside of the windows of its block', () => {
    tf.tidy(() => {
      const [T, window] = [400, 10]
      const { normal } = testTensors(2)
      const poisoned = () => tf.concat([tf.fill([1, 1, 200, 4], Number.NaN), normal([1, 1, T - 200, 4])], 2)
      const inputs = [normal([1, 1, T, 4]), poisoned(), poisoned()]
      const later = (x: tf.Tensor) => tf.slice(x, [0, 0, 200 + 96 + window, 0]).dataSync()
      expect(later(run(inputs, { causal: true, window })).every(Number.isFinite)).toBe(true)
      const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(run(xs, { causal: true, window })))(inputs)
      for (const gradient of gradients) expect(later(gradient).every(Number.isFinite)).toBe(true)
    })
  })

  it('refuses wrong shapes', () => {
    tf.tidy(() => {
      const { normal } = testTensors(1)
      const [query, key, value] = makeInputs(normal, [2, 3, 4, 5, 6, 7]) as [tf.Tensor, tf.Tensor, tf.Tensor]
      const run = (inputs: tf.NamedTensorMap) =>
        tf.engine().runKernel('HeddleAttention', inputs, { causal: false, headsFirst: true, scale: 1 })
      const other = { key: normal([2, 3, 5, 7]), value: normal([2, 3, 6, 7]), query: normal([2, 3, 4]) }
      const mask = tf.ones([1, 5], 'bool')
      expect(() => run({ query, key: other.key, value })).toThrow('expected key float32 [2,3,5,6], got float32')
      expect(() => run({ query, key, value: other.value })).toThrow('expected value float32 [2,3,5,7], got float32')
      expect(() => run({ query: other.query, key, value })).toThrow('expected query float32 [B, N, T, K], got float32')
      expect(() => run({ query, key, value, mask })).toThrow('expected mask bool [2,5], got bool [1,5]')
    })
  })
})
