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

  it('refuses labels of another shape or dtype', () => {
    expect(() => crossEntropy(logits(), tf.zeros([2, 2], 'int32'))).toThrow(/expected int32 labels \[2,3\]/)
    expect(() => crossEntropy(logits(), tf.zeros([2, 3]))).toThrow(/got float32/)
  })
})
