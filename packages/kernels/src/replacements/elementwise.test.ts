import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { binaryOperations, unaryOperations } from '../generated/operations.ts'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

const shapes = [[], [0], [1], [2, 3], [5, 0, 2], [7, 9], [2, 3, 4, 5], [40_003]]

const kernel = (name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap = {}) =>
  tf.engine().runKernel(name, inputs, attrs) as tf.Tensor

const attributes: Record<string, tf.NamedAttrMap> = { LeakyRelu: { alpha: 0.3 }, Step: { alpha: -0.5 } }
const positive = new Set(['Log', 'Sqrt', 'Rsqrt'])
const outside = [
  0,
  -0,
  1,
  -1,
  1e-40,
  -1e-40,
  1e-20,
  5,
  6,
  7,
  90,
  -90,
  1e30,
  -1e30,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
]

/** The true functions, in double precision. */
const exact: Record<string, (x: number) => number> = {
  Exp: Math.exp,
  Log: Math.log,
  Tanh: Math.tanh,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Elu: (x) => (x > 0 ? x : Math.expm1(x)),
  Erf: erf,
}

/** Taylor series near zero, continued fraction of erfc beyond: good to 1e-14. */
function erf(x: number): number {
  const a = Math.abs(x)
  if (a > 6) return Math.sign(x)
  if (a < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; n < 80; n++) {
      term *= (-x * x) / n
      sum += term / (2 * n + 1)
    }
    return (2 / Math.sqrt(Math.PI)) * sum
  }
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction)
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)))
}

const SMALLEST_NORMAL = 2 ** -126

/** The distance to the next float of that size. */
const ulp = (x: number) => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 23)

describe('element-wise functions', () => {
  it.each(unaryOperations)('%s agrees with the cpu backend', async (name) => {
    for (const shape of shapes) {
      await expectSameAsCpu((make) => {
        const x = make.normal(shape, 2)
        return kernel(name, { x: positive.has(name) ? tf.abs(x) : x }, attributes[name])
      })
    }
  })

  it.each(unaryOperations)('%s keeps NaN, infinities and large values', async (name) => {
    // tfjs's own erf is good to 1.5e-7 only and gives NaN at infinity.
    if (name === 'Erf') return
    await expectSameAsCpu(() => kernel(name, { x: tf.tensor1d(outside) }, attributes[name]))
  })

  it.each(Object.entries(exact))('%s is right to 3 units in the last place', async (name, f) => {
    await useWasm()
    const xs: number[] = []
    for (let exponent = -30; exponent <= 6; exponent++) {
      for (let step = 0; step < 64; step++) xs.push(2 ** exponent * (1 + step / 64), -(2 ** exponent) * (1 + step / 64))
    }
    const x = tf.tensor1d(xs)
    const given = x.dataSync()
    const values = kernel(name, { x }).dataSync()
    let worst = 0
    values.forEach((value, i) => {
      const truth = f(given[i]!)
      if (Math.fround(truth) === value || (Number.isNaN(truth) && Number.isNaN(value))) return
      if (Math.abs(truth) < SMALLEST_NORMAL && Math.abs(value) < SMALLEST_NORMAL) return
      worst = Math.max(worst, Math.abs(value - truth) / ulp(truth))
    })
    expect(worst).toBeLessThan(3)
  })

  it('erf is odd and reaches 1 at infinity', async () => {
    await useWasm()
    const values = tf
      .erf(tf.tensor1d([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 10, Number.NaN]))
      .dataSync()
    expect([...values]).toEqual([1, -1, 0, 1, Number.NaN])
  })

  it('leaves tensors of other types to tfjs', async () => {
    await expectSameAsCpu((make) => [tf.neg(make.integers([7], -5, 5)), tf.square(make.integers([7], -5, 5))])
  })
})

const pairs = [
  [[], []],
  [[0], [0]],
  [[1], [5]],
  [[6], [1]],
  [[3, 5], [5]],
  [
    [3, 5],
    [3, 1],
  ],
  [
    [3, 1],
    [1, 5],
  ],
  [[4], [3, 4]],
  [
    [2, 3, 4, 5],
    [3, 1, 5],
  ],
  [
    [2, 1, 4, 1],
    [1, 3, 1, 5],
  ],
  [
    [2, 1, 3, 1, 2],
    [1, 2, 1, 3, 2],
  ],
  [
    [2, 1, 3, 1, 2, 1],
    [1, 2, 1, 3, 1, 2],
  ],
  [[190, 301], [301]],
  [[40_003], [40_003]],
  [[40_003], []],
  [
    [0, 3],
    [1, 3],
  ],
] as const

describe('element-wise functions of two tensors', () => {
  it.each(binaryOperations)('%s agrees with the cpu backend for all broadcasts', async (name) => {
    for (const [left, right] of pairs) {
      if (name === 'EluGrad' && left.join() !== right.join()) continue
      const names = { EluGrad: ['dy', 'y'], Prelu: ['x', 'alpha'] }[name as string] ?? ['a', 'b']
      await expectSameAsCpu((make) => kernel(name, { [names[0]!]: make.normal(left), [names[1]!]: make.normal(right) }))
    }
  })

  it.each(['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum'])('%s keeps NaN and infinities', async (name) => {
    const values = outside.filter((value) => Math.abs(value) !== 1e-40)
    await expectSameAsCpu(() => kernel(name, { a: tf.tensor2d(values, [values.length, 1]), b: tf.tensor1d(values) }))
  })

  it('have the gradients of the cpu backend', async () => {
    for (const operation of [tf.add, tf.sub, tf.mul, tf.div]) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal([3, 4, 5]), make.normal([4, 1])],
        (a, b) => operation(a!, b!),
      )
    }
  })

  it('leave integers to tfjs', async () => {
    await expectSameAsCpu((make) => [
      tf.add(make.integers([4, 3], -9, 9), make.integers([3], -9, 9)),
      tf.mul(make.integers([4, 3], -9, 9), make.integers([1], -9, 9)),
    ])
  })

  it('refuse shapes that do not broadcast', async () => {
    await useWasm()
    expect(() => kernel('Add', { a: tf.zeros([3]), b: tf.zeros([4]) })).toThrow(/could not be broadcast/)
    const [odd, even] = [tf.zeros([2, 1, 2, 1, 2, 1, 2, 1]), tf.zeros([1, 2, 1, 2, 1, 2, 1, 2])]
    expect(() => kernel('Add', { a: odd, b: even })).toThrow(/at most 6 dimensions/)
  })
})
