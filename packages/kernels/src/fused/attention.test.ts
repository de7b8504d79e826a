import { paddingMask, scaledDotProductAttention } from '@heddle/attention'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

// B batch, N heads, T queries, S keys, K size of a query and key, V size of a value

beforeAll(async () => {
  await useWasm()
})

type Sizes = readonly [B: number, N: number, T: number, S: number, K: number, V: number]

interface Options {
  readonly causal?: boolean
  readonly headsFirst?: boolean
  /** How many keys each batch row shows. */
  readonly lengths?: readonly number[]
}

function run(inputs: tf.Tensor[], { causal = false, headsFirst = true, lengths }: Options): tf.Tensor {
  const [query, key, value] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor]
  const S = key.shape[headsFirst ? 2 : 1]!
  const keyMask = lengths && { keyMask: paddingMask(tf.tensor(lengths, [lengths.length], 'int32'), S) }
  return scaledDotProductAttention(query, key, value, { causal, headsFirst, ...keyMask })
}

function makeInputs(normal: (shape: number[]) => tf.Tensor, [B, N, T, S, K, V]: Sizes, headsFirst: boolean) {
  const shape = (time: number, size: number) => (headsFirst ? [B, N, time, size] : [B, time, N, size])
  return [normal(shape(T, K)), normal(shape(S, K)), normal(shape(S, V))]
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
  ])('agrees with the reference in value and gradient: %j, %j', async (sizes, options) => {
    await expectSameGradientsAsCpu(
      (make) => makeInputs((shape) => make.normal(shape, 2), sizes, options.headsFirst ?? true),
      (...inputs) => run(inputs, options),
      { tolerance: 1e-4 },
    )
  })

  it('is zero where nothing is to be seen', () => {
    tf.tidy(() => {
      const inputs = makeInputs(testTensors(1).normal, [2, 1, 3, 4, 3, 3], true)
      const out = run(inputs, { lengths: [0, 4] }).dataSync()
      expect([...out.subarray(0, 9)]).toEqual(new Array(9).fill(0))
      expect(out.subarray(9).every((value) => value !== 0)).toBe(true)
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
      expect(run(makeInputs(normal, [2, 3, 0, 4, 5, 6], true), {}).shape).toEqual([2, 3, 0, 6])
      expect(run(makeInputs(normal, [0, 3, 2, 4, 5, 6], true), {}).shape).toEqual([0, 3, 2, 6])
      const out = run(makeInputs(normal, [2, 1, 2, 0, 5, 3], true), {})
      expect([...out.dataSync()]).toEqual(new Array(12).fill(0))
    })
  })

  it('refuses wrong shapes', () => {
    tf.tidy(() => {
      const { normal } = testTensors(1)
      const [query, key, value] = makeInputs(normal, [2, 3, 4, 5, 6, 7], true) as [tf.Tensor, tf.Tensor, tf.Tensor]
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
