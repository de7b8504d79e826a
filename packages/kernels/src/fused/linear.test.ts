import { linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

describe('HeddleLinear', () => {
  it.each([
    [[1, 1], 1],
    [[5], 3],
    [[2, 3, 7], 5],
    [[2, 2, 3, 4], 9],
    [[40, 300], 33],
    [[3, 1], 70],
    [[100, 17], 1],
  ])('agrees with the reference in value and gradient: x %j, %i outputs, with and without a bias', async (shape, O) => {
    const I = shape.at(-1)!
    for (const biases of [0, 1]) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal(shape), make.normal([I, O]), ...(biases === 1 ? [make.normal([O])] : [])],
        (x, weight, bias) => linear(x!, weight!, bias),
        { tolerance: 1e-4 },
      )
    }
  })

  it('maps no rows to no rows', () => {
    tf.tidy(() => {
      expect(linear(tf.zeros([0, 4]), tf.ones([4, 3]), tf.ones([3])).shape).toEqual([0, 3])
    })
  })

  it('refuses wrong shapes', () => {
    tf.tidy(() => {
      const { normal } = testTensors(1)
      const run = (inputs: tf.NamedTensorMap) => tf.engine().runKernel('HeddleLinear', inputs)
      const [x, weight] = [normal([2, 3]), normal([3, 4])]
      expect(() => run({ x, weight: normal([4, 4]) })).toThrow('expected x float32 [..., 4], got float32 [2,3]')
      expect(() => run({ x, weight: normal([3]) })).toThrow('expected weight float32 [I, O], got float32 [3]')
      expect(() => run({ x, weight, bias: normal([3]) })).toThrow('expected bias float32 [4], got float32 [3]')
    })
  })
})
