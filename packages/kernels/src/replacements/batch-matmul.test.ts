import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

const transposes = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const))

// M, N, K: nothing, single elements, every remainder of the tiles, several blocks of K and N.
const sizes = [
  [0, 3, 4],
  [3, 0, 4],
  [3, 4, 0],
  [1, 1, 1],
  [1, 17, 33],
  [2, 16, 5],
  [3, 15, 4],
  [5, 31, 257],
  [7, 8, 1],
  [11, 65, 130],
  [13, 530, 19],
  [125, 20, 513],
  [1, 1025, 70],
  [8, 6, 9],
] as const

describe('batchMatMul', () => {
  it.each(transposes)('agrees with the cpu backend for every size (transposeA %s, transposeB %s)', async (ta, tb) => {
    for (const [M, N, K] of sizes) {
      await expectSameAsCpu(
        (make) => tf.matMul(make.normal(ta ? [K, M] : [M, K]), make.normal(tb ? [N, K] : [K, N]), ta, tb),
        { tolerance: 1e-4, seed: M + N + K },
      )
    }
  })

  it.each([
    [
      [2, 3],
      [2, 3],
    ],
    [[4], [1]],
    [[1], [4]],
    [[], [3]],
    [[3], []],
    [[9], [9]],
  ])('broadcasts batches %j and %j', async (batchA, batchB) => {
    for (const [ta, tb] of transposes) {
      await expectSameAsCpu((make) =>
        tf.matMul(
          make.normal([...batchA, ...(ta ? [6, 5] : [5, 6])]),
          make.normal([...batchB, ...(tb ? [7, 6] : [6, 7])]),
          ta,
          tb,
        ),
      )
    }
  })

  it('broadcasts single dimensions on both sides, which tfjs itself mixes up', async () => {
    await useWasm()
    const [a, b] = [tf.randomNormal([2, 1, 5, 6]), tf.randomNormal([1, 3, 6, 7])]
    const out = tf.matMul(a, b)
    expect(out.shape).toEqual([2, 3, 5, 7])
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 3; j++) {
        const one = tf.matMul(tf.slice(a, [i, 0, 0, 0], [1, 1, 5, 6]), tf.slice(b, [0, j, 0, 0], [1, 1, 6, 7]))
        expect(one.dataSync()).toEqual(tf.slice(out, [i, j, 0, 0], [1, 1, 5, 7]).dataSync())
      }
    }
  })

  it('has the gradient of the cpu backend', async () => {
    for (const [ta, tb] of transposes) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal(ta ? [9, 14] : [14, 9]), make.normal(tb ? [18, 9] : [9, 18])],
        (a, b) => tf.matMul(a, b, ta, tb),
      )
    }
  })

  it('keeps large values and infinities', async () => {
    await expectSameAsCpu((make) => tf.matMul(make.normal([6, 40], 1e18), make.normal([40, 20], 1e19)), {
      tolerance: 1e-3,
    })
    await expectSameAsCpu(() => tf.matMul(tf.tensor2d([[1, Infinity, NaN]]), tf.tensor2d([[1], [2], [3]])))
  })

  it('multiplies integers', async () => {
    await expectSameAsCpu((make) => tf.matMul(make.integers([5, 7], -99, 99), make.integers([7, 6], -99, 99)))
  })

  it('refuses what does not fit', async () => {
    await useWasm()
    const kernel = tf.getKernel('BatchMatMul', 'wasm')
    const call = (a: tf.Tensor, b: tf.Tensor) =>
      kernel.kernelFunc({ inputs: { a, b }, attrs: { transposeA: false, transposeB: false }, backend: tf.backend() })
    expect(() => call(tf.zeros([2, 3]), tf.zeros([4, 5]))).toThrow(
      /matMul: expected \[\.\.\., M, K\] and \[\.\.\., K, N\], got \[2,3\] and \[4,5\]/,
    )
    expect(() => call(tf.zeros([2, 4, 3]), tf.zeros([3, 3, 5]))).toThrow(/batch sizes equal or 1/)
    expect(() => call(tf.zeros([2, 3], 'int32'), tf.zeros([3, 5]))).toThrow(/float32/)
  })
})
