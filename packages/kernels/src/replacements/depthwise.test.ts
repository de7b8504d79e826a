import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

describe('depthwiseConv2d', () => {
  it('is the one of the cpu backend, for shapes at random', async () => {
    await useWasm()
    const random = testTensors(17)
    const from = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1))
    for (let n = 0; n < 40; n++) {
      const dilations: [number, number] = n % 2 === 0 ? [1, 1] : [from(1, 3), from(1, 3)]
      const strides: [number, number] = Math.max(...dilations) > 1 ? [1, 1] : [from(1, 3), from(1, 3)]
      const [channels, multiplier] = [from(1, 40), n % 3 === 0 ? from(2, 4) : 1]
      const image = [from(0, 3), from(1, 9) + 8, from(1, 9) + 8, channels]
      const pad = (['same', 'valid', from(0, 3)] as const)[n % 3]!
      await expectSameAsCpu((make) =>
        tf.depthwiseConv2d(
          make.normal(image) as tf.Tensor4D,
          make.normal([1 + (n % 4), 3 - (n % 3), channels, multiplier]) as tf.Tensor4D,
          strides,
          pad,
          'NHWC',
          dilations,
        ),
      )
    }
  })

  it('gives zero where the filter sees only padding', async () => {
    await expectSameAsCpu((make) =>
      tf.depthwiseConv2d(make.normal([1, 1, 1, 3]) as tf.Tensor4D, make.normal([2, 2, 3, 1]) as tf.Tensor4D, 1, 3),
    )
  })

  it('sees what has changed in the memory of a filter', async () => {
    await useWasm()
    const make = testTensors(3)
    const shape = [3, 3, 8, 1]
    const x = make.normal([2, 6, 6, 8])
    const parts = [make.normal(shape), make.normal(shape), tf.zeros(shape), tf.zeros(shape)]
    const run = (filter: tf.Tensor) =>
      tf.tidy(() => tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same').dataSync())
    const before = run(parts[0]!)
    // Works in place.
    tf.engine().runKernel('HeddleAdamW', parts as unknown as tf.NamedTensorMap, {
      ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1, gradientScale: 1 },
      ...{ learningRates: [0.1], weightDecays: [0] },
    })
    const after = run(parts[0]!)
    const copy = tf.tensor(parts[0]!.dataSync().slice(), shape)
    expect([...after]).toEqual([...run(copy)])
    expect([...after]).not.toEqual([...before])
    tf.dispose([x, copy, ...parts])
  })

  it.each(['linear', 'relu', 'elu', 'sigmoid', 'prelu'] as const)('folds in a bias and %s', async (activation) => {
    for (const bias of [undefined, [22], [1]]) {
      await expectSameAsCpu((make) =>
        tf.fused.depthwiseConv2d({
          x: make.normal([2, 6, 7, 11]) as tf.Tensor4D,
          filter: make.normal([3, 3, 11, 2]) as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          activation,
          ...(bias && { bias: make.normal(bias) }),
          ...(activation === 'prelu' && { preluActivationWeights: make.normal([22]) }),
        }),
      )
    }
  })

  it('refuses a filter of other channels', async () => {
    await useWasm()
    tf.tidy(() => {
      const inputs = { x: tf.zeros([1, 4, 4, 2]), filter: tf.zeros([3, 3, 3, 1]) }
      expect(() => tf.engine().runKernel('DepthwiseConv2dNative', inputs, { strides: 1, pad: 'valid' })).toThrow(
        /depthwiseConv2d: expected x float32 \[N, H, W, I\] and a filter float32 \[h, w, I, Q\], got/,
      )
    })
  })
})
