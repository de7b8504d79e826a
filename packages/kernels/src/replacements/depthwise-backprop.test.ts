import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

describe('depthwiseBackprop', () => {
  it('gives depthwiseConv2d the gradients of the cpu backend', async () => {
    for (const [image, filter, strides, pad] of [
      [[1, 1, 1, 1], [1, 1, 1, 1], 1, 'valid'],
      [[2, 5, 6, 7], [3, 3, 7, 1], 1, 'same'],
      [[2, 7, 6, 4], [3, 2, 4, 1], 2, 'same'],
      [[2, 6, 5, 3], [3, 3, 3, 2], 1, 'valid'],
    ] as const) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal(image), make.normal(filter)],
        (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad),
      )
    }
  })

  it('is right for dilated filters: y is linear in x and in the filter', async () => {
    await useWasm()
    const make = testTensors(5)
    const [x, filter] = [make.normal([2, 9, 8, 3]) as tf.Tensor4D, make.normal([3, 2, 3, 2]) as tf.Tensor4D]
    const y = tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', 2)
    const dy = make.normal(y.shape)
    const attrs = { strides: 1, pad: 'same', dilations: 2, dimRoundingMode: null }
    const gradient = (name: string, inputs: tf.NamedTensorMap, more: object) =>
      tf.engine().runKernel(name, inputs, { ...attrs, ...more } as unknown as tf.NamedAttrMap) as tf.Tensor
    const total = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!
    const dFilter = gradient('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { filterShape: filter.shape })
    const dx = gradient('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { inputShape: x.shape })
    expect(total(dFilter, filter)).toBeCloseTo(total(dy, y), 3)
    expect(total(dx, x)).toBeCloseTo(total(dy, y), 3)
  })

  it('refuses a dy of another size', async () => {
    await useWasm()
    expect(() =>
      tf
        .engine()
        .runKernel(
          'DepthwiseConv2dNativeBackpropInput',
          { dy: tf.zeros([1, 4, 4, 2]), filter: tf.zeros([3, 3, 2, 1]) },
          { strides: 1, pad: 'valid', dilations: 1, inputShape: [1, 4, 4, 2] },
        ),
    ).toThrow(/depthwiseConv2dBackpropInput: expected dy float32 \[1,2,2,2\]/)
  })
})
