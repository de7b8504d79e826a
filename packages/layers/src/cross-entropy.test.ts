import { RandomStream } from '@heddle/core'
import { gradientCheck, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts'

const C = 5
const logits = (scale = 1) => randomTensor(new RandomStream(1), [2, 3, C], scale)
const labels = () => tf.tensor([0, 4, -100, 2, 2, 1], [2, 3], 'int32')
const loss = (options?: CrossEntropyOptions, scale?: number) =>
  crossEntropy(logits(scale), labels(), options).dataSync()[0]!

/** By the definition, in double precision. */
function expected(
  { ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean' }: CrossEntropyOptions,
  scale = 1,
): number {
  const rows = tf.reshape(logits(scale), [-1, C]).arraySync() as number[][]
  const losses = [...labels().dataSync()].flatMap((label, i) => {
    if (label === ignoreIndex) return []
    const total = Math.log(rows[i]!.reduce((sum, logit) => sum + Math.exp(logit), 0))
    const share = (c: number) => (c === label ? 1 - labelSmoothing : 0) + labelSmoothing / C
    return [rows[i]!.reduce((sum, logit, c) => sum - share(c) * (logit - total), 0)]
  })
  const sum = losses.reduce((a, b) => a + b, 0)
  return reduction === 'sum' ? sum : sum / losses.length
}

describe('crossEntropy', () => {
  beforeAll(useCpu)

  for (const options of [
    {},
    { reduction: 'sum' },
    { labelSmoothing: 0.2 },
    { labelSmoothing: 0.1, reduction: 'sum' },
  ] as const) {
    it(`is what the definition gives, with ${JSON.stringify(options)}`, async () => {
      expect(loss(options)).toBeCloseTo(expected(options), 4)
      await gradientCheck((x) => crossEntropy(x, labels(), options), [logits()], { elements: 30 })
    })
  }

  it.each([
    [0, 'mean', 0.4144437, [0.046129, 0.010293, -0.056422]],
    [0, 'sum', 1.9686077, [0.219113, 0.048891, -0.268004]],
    [0.2, 'mean', 0.6666182, [0.041572, -0.031264, -0.010308]],
    [0.2, 'sum', 3.1664367, [0.197466, -0.148502, -0.048964]],
  ] as const)(
    'weighs classes as PyTorch, with label smoothing %s and the %s',
    (labelSmoothing, reduction, value, row) => {
      const rows = tf.tensor2d([0.5, -1, 2, 1.5, 0, -0.5, 0.1, 0.2, 0.3, -2, 1, 0.5], [4, 3])
      const classWeights = tf.tensor1d([0.5, 3, 1.25])
      const known = tf.tensor1d([2, 0, -100, 1], 'int32')
      const lossOf = (x: tf.Tensor) => crossEntropy(x, known, { labelSmoothing, reduction, classWeights })
      const { value: loss, grad } = tf.valueAndGrad(lossOf)(rows)
      expect(loss.dataSync()[0]).toBeCloseTo(value, 6)
      const gradient = [...grad.dataSync()]
      row.forEach((expected, c) => void expect(gradient[c]).toBeCloseTo(expected, 5))
      expect(gradient.slice(6, 9).map(Math.abs)).toEqual([0, 0, 0])
      expect(() => crossEntropy(rows, known, { classWeights: tf.ones([2]) })).toThrow(
        'expected class weights [3], got [2]',
      )
    },
  )

  it('leaves out rows of the label that is ignored, whichever it is', () => {
    const known = tf.tensor([0, 4, 2, 2, 2, 1], [2, 3], 'int32')
    const without = crossEntropy(logits(), known, { ignoreIndex: 2, reduction: 'sum' }).dataSync()[0]!
    const counted = [0, 1, 5].reduce((sum, i) => {
      const row = tf.slice(tf.reshape(logits(), [-1, C]), [i, 0], [1, C])
      return sum + crossEntropy(row, tf.slice(tf.reshape(known, [-1]), [i], [1])).dataSync()[0]!
    }, 0)
    expect(without).toBeCloseTo(counted, 4)
  })

  it('stays finite for logits that would overflow', () => {
    expect(Number.isFinite(loss({}, 1000))).toBe(true)
  })

  it('is 0 for a single class, and so is its gradient', () => {
    const one = tf.tensor([5, -3], [2, 1])
    for (const labelSmoothing of [0, 0.2]) {
      const lossOf = (x: tf.Tensor) => crossEntropy(x, tf.zeros([2], 'int32'), { labelSmoothing })
      expect(lossOf(one).dataSync()[0]).toBeCloseTo(0, 6)
      expect([...tf.grad(lossOf)(one).dataSync()]).toEqual([0, 0])
    }
  })

  it('the mean of no rows is not a number, as in PyTorch', () => {
    expect(crossEntropy(logits(), tf.fill([2, 3], -100, 'int32')).dataSync()[0]).toBeNaN()
  })

  it('counts a class of probability 0 for nothing, unless it is the label', () => {
    const row = (label: number, options?: CrossEntropyOptions) => {
      const lossOf = (x: tf.Tensor) => crossEntropy(x, tf.tensor1d([label], 'int32'), options)
      const { value, grad } = tf.valueAndGrad(lossOf)(tf.tensor2d([[0, Number.NEGATIVE_INFINITY, 0]]))
      return [value.dataSync()[0], ...grad.dataSync()]
    }
    expect(row(0)).toEqual([expect.closeTo(Math.log(2), 6), expect.closeTo(-0.5, 6), 0, expect.closeTo(0.5, 6)])
    expect(row(1)[0]).toBe(Number.POSITIVE_INFINITY)
    expect(row(0, { labelSmoothing: 0.1 })[0]).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes nothing from a row that is ignored, not even NaN', () => {
    const lossOf = (x: tf.Tensor) => crossEntropy(x, tf.tensor1d([1, -100], 'int32'))
    const { value, grad } = tf.valueAndGrad(lossOf)(
      tf.tensor2d([
        [0, 0],
        [Number.NaN, Number.NEGATIVE_INFINITY],
      ]),
    )
    expect(value.dataSync()[0]).toBeCloseTo(Math.log(2), 6)
    expect([...grad.dataSync()].map((x) => Math.round(1e6 * x) / 1e6 + 0)).toEqual([0.5, -0.5, 0, 0])
  })

  it('refuses labels that name no class', () => {
    for (const label of [7, -1]) {
      const call = () => crossEntropy(tf.zeros([2, 4]), tf.tensor1d([0, label], 'int32'))
      expect(call).toThrow(new RegExp(`expected labels from 0 to 3 or -100 to ignore a row, got ${label}`))
    }
  })

  it('refuses labels of another shape or dtype', () => {
    expect(() => crossEntropy(logits(), tf.zeros([2, 2], 'int32'))).toThrow(/expected int32 labels \[2,3\]/)
    expect(() => crossEntropy(logits(), tf.zeros([2, 3]))).toThrow(/got float32/)
  })
})
