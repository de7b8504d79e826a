import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

// Image [N, H, W, I], filter [h, w, I, O], strides, padding.
const cases = [
  [[1, 1, 1, 1], [1, 1, 1, 1], 1, 'valid'],
  [[2, 5, 6, 3], [3, 3, 3, 5], 1, 'same'],
  [[2, 8, 7, 4], [3, 2, 4, 17], 2, 'same'],
  [[3, 9, 9, 1], [4, 4, 1, 2], 1, 'valid'],
  [[2, 6, 6, 2], [5, 5, 2, 3], 1, 'same'],
  [[2, 4, 4, 19], [1, 1, 19, 33], 1, 'valid'],
  [[1, 3, 3, 2], [3, 3, 2, 2], [1, 2], 'same'],
] as const

describe('conv2dBackprop', () => {
  it('gives conv2d the gradients of the cpu backend', async () => {
    for (const [image, filter, strides, pad] of cases) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal(image), make.normal(filter)],
        (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides as number, pad),
        { tolerance: 1e-4 },
      )
    }
  })

  it('leaves a gradient of zero where the filter sees only padding', async () => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal([1, 1, 1, 2]), make.normal([5, 5, 2, 3])],
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
    )
  })

  it('runs conv2dTranspose', async () => {
    await expectSameAsCpu((make) =>
      tf.conv2dTranspose(
        make.normal([2, 4, 5, 3]) as tf.Tensor4D,
        make.normal([3, 3, 4, 3]) as tf.Tensor4D,
        [2, 8, 10, 4],
        2,
        'same',
      ),
    )
  })

  it('takes images with the channels first', async () => {
    await expectSameAsCpu((make) => {
      const [x, dy, w] = [make.normal([2, 3, 6, 5]), make.normal([2, 4, 4, 3]), make.normal([3, 3, 3, 4])]
      const attrs = { strides: 1, pad: 'valid', dataFormat: 'NCHW', dimRoundingMode: null }
      const run = (name: string, inputs: object, more: object) =>
        tf
          .engine()
          .runKernel(
            name,
            inputs as tf.NamedTensorMap,
            { ...attrs, ...more } as unknown as tf.NamedAttrMap,
          ) as tf.Tensor
      return [
        run('Conv2DBackpropFilter', { x, dy }, { filterShape: [3, 3, 3, 4] }),
        run('Conv2DBackpropInput', { dy, filter: w }, { inputShape: [2, 3, 6, 5] }),
      ]
    })
  })

  it('refuses a dy of another size', async () => {
    await useWasm()
    expect(() =>
      tf
        .engine()
        .runKernel(
          'Conv2DBackpropFilter',
          { x: tf.zeros([1, 4, 4, 1]), dy: tf.zeros([1, 4, 4, 1]) },
          { strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: [3, 3, 1, 1] },
        ),
    ).toThrow(/conv2dBackpropFilter: expected dy float32 \[1,2,2,1\], got float32 \[1,4,4,1\]/)
  })
})
