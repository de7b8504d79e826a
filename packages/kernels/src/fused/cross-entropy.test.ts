import { crossEntropy } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

const ignored = [-100, 3, -100, 0]

describe('HeddleCrossEntropy', () => {
  it.each([
    { N: 1, C: 1 },
    { N: 5, C: 1 },
    { N: 1, C: 2 },
    { N: 3, C: 2 },
    { N: 7, C: 65 },
    { N: 40, C: 1003 },
  ])('agrees with the reference for [$N, $C]', async ({ N, C }) => {
    for (const options of [{}, { labelSmoothing: 0.1 }, { reduction: 'sum', labelSmoothing: 0.3 }] as const) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal([N, C], 3)],
        (logits) => crossEntropy(logits!, labels(N, C), options),
      )
    }
  })

  it('leaves out rows with the label to ignore', async () => {
    for (const reduction of ['mean', 'sum'] as const) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal([2, 2, 5])],
        (logits) => crossEntropy(logits!, tf.tensor2d(ignored, [2, 2], 'int32'), { reduction, labelSmoothing: 0.2 }),
      )
    }
    await expectSameGradientsAsCpu(
      (make) => [make.normal([4, 5])],
      (logits) => crossEntropy(logits!, tf.tensor1d([1, 0, 0, 4], 'int32'), { ignoreIndex: 0 }),
    )
  })

  it('scales the gradient when the loss is a part of a larger one', async () => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal([4, 6])],
      (logits) => tf.add(tf.mul(crossEntropy(logits!, labels(4, 6)), 0.3), tf.mean(tf.square(logits!))),
    )
  })

  it('is exact for logits that no exponential can take', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([1e4, -1e4, 0, 3e38, -3e38, 0], [2, 3])
      const loss = crossEntropy(logits, tf.tensor1d([1, 0], 'int32'), { reduction: 'sum' })
      expect(loss.dataSync()[0]).toBe(2e4)
    })
  })

  it('is 0 for a single class', () => {
    tf.tidy(() => {
      expect(crossEntropy(tf.tensor2d([5, -3], [2, 1]), tf.tensor1d([0, 0], 'int32')).dataSync()[0]).toBe(0)
    })
  })

  it('is NaN for no rows, as the mean of nothing is, and 0 as a sum', () => {
    tf.tidy(() => {
      const none = tf.zeros([0, 4])
      expect(crossEntropy(none, tf.zeros([0], 'int32')).dataSync()[0]).toBeNaN()
      expect(crossEntropy(none, tf.zeros([0], 'int32'), { reduction: 'sum' }).dataSync()[0]).toBe(0)
    })
  })

  it('lets NaN through', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([0, NaN, 1], [1, 3])
      expect(crossEntropy(logits, tf.tensor1d([0], 'int32')).dataSync()[0]).toBeNaN()
    })
  })

  it('refuses labels that name no class', () => {
    tf.tidy(() => {
      const logits = testTensors(1).normal([2, 3])
      expect(() => crossEntropy(logits, tf.tensor1d([0, 3], 'int32'))).toThrow('expected labels from 0 to 2')
      expect(() => crossEntropy(logits, tf.tensor1d([0, -1], 'int32'))).toThrow('got -1')
    })
  })
})

const labels = (N: number, C: number) =>
  tf.tensor1d(
    Array.from({ length: N }, (_, i) => (7 * i) % C),
    'int32',
  )
