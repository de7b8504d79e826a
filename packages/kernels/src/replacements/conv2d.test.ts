import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

type Pad = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding
type Case = readonly [
  image: readonly number[],
  filter: readonly number[],
  strides: number | [number, number],
  pad: Pad,
  dilations?: number | [number, number],
]

// Image [N, H, W, I], filter [h, w, I, O].
const cases: readonly Case[] = [
  [[1, 1, 1, 1], [1, 1, 1, 1], 1, 'valid'],
  [[2, 5, 6, 3], [3, 3, 3, 5], 1, 'same'],
  [[2, 8, 7, 4], [3, 2, 4, 17], 2, 'same'],
  [[3, 9, 9, 1], [4, 4, 1, 2], 1, 'valid'],
  [[2, 6, 6, 2], [5, 5, 2, 3], 1, 2],
  [[2, 4, 4, 19], [1, 1, 19, 33], 1, 'valid'],
  [[2, 5, 4, 3], [1, 1, 3, 4], 1, 1],
  [[2, 5, 4, 3], [1, 1, 3, 4], [2, 3], 'same'],
  [[1, 3, 3, 2], [3, 3, 2, 2], [1, 2], 'same'],
  [[2, 7, 9, 3], [3, 3, 3, 4], [1, 2], 2],
  [[2, 7, 9, 3], [3, 3, 3, 4], [2, 1], 1],
  [[1, 9, 8, 5], [3, 2, 5, 6], 1, 'same', 2],
  [[1, 9, 8, 5], [2, 3, 5, 6], 1, 'valid', [3, 2]],
  [
    [1, 6, 5, 2],
    [3, 3, 2, 3],
    1,
    [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ],
  ],
  [[1, 1, 1, 2], [5, 5, 2, 3], 1, 'same'],
  [[1, 4, 4, 2], [4, 4, 2, 3], 1, 'valid'],
  [[0, 4, 4, 2], [3, 3, 2, 3], 1, 'same'],
  [[2, 4, 4, 2], [3, 3, 2, 0], 1, 'same'],
  [[4, 24, 24, 3], [3, 3, 3, 32], 1, 'same'],
  [[2, 6, 6, 300], [3, 3, 300, 20], 1, 'same'],
]

const convolve = (x: tf.Tensor, filter: tf.Tensor, [, , strides, pad, dilations]: Case) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations)

describe('conv2d', () => {
  it.each(cases.map((given) => [given]))('is the one of the cpu backend: %j', async (given) => {
    await expectSameAsCpu((make) => convolve(make.normal(given[0]), make.normal(given[1]), given), { tolerance: 1e-4 })
  })

  it('is right for shapes at random', async () => {
    await useWasm()
    const random = testTensors(11)
    const from = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1))
    for (let n = 0; n < 40; n++) {
      const dilations: [number, number] = [from(1, 3), from(1, 3)]
      const strides: [number, number] = Math.max(...dilations) > 1 ? [1, 1] : [from(1, 3), from(1, 3)]
      const filter = [from(1, 5), from(1, 5), from(1, 20), from(1, 20)]
      const image = [from(1, 3), from(1, 12) + 12, from(1, 12) + 12, filter[2]!]
      const pads: Pad[] = [
        'same',
        'valid',
        from(0, 3),
        [
          [0, 0],
          [from(0, 4), 1],
          [0, from(0, 4)],
          [0, 0],
        ],
      ]
      const pad = pads[n % pads.length]!
      const given: Case = [image, filter, strides, pad, dilations]
      await expectSameAsCpu((make) => convolve(make.normal(image), make.normal(filter), given), { tolerance: 1e-4 })
    }
  })

  it('takes images with the channels first', async () => {
    await expectSameAsCpu((make) => {
      const [x, filter] = [make.normal([2, 3, 6, 5]), make.normal([3, 2, 3, 4])]
      // The cpu backend's pads are not turned with the layout, so that only square ones are compared.
      return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same', 'NCHW')
    })
  })

  it('sees what has changed in the memory of a filter', async () => {
    await useWasm()
    const make = testTensors(3)
    const [x, filter, gradient] = [make.normal([2, 6, 6, 3]), make.normal([3, 3, 3, 4]), make.normal([3, 3, 3, 4])]
    const parts = [filter, gradient, tf.zerosLike(filter), tf.zerosLike(filter)]
    const run = (weight: tf.Tensor) =>
      tf.tidy(() => tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, 1, 'same').dataSync())
    const before = run(filter)
    // Works in place.
    tf.engine().runKernel('HeddleAdamW', parts as unknown as tf.NamedTensorMap, {
      ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1, gradientScale: 1 },
      ...{ learningRates: [0.1], weightDecays: [0] },
    })
    const after = run(filter)
    expect([...after]).toEqual([...run(tf.tensor(filter.dataSync().slice(), filter.shape))])
    expect([...after]).not.toEqual([...before])
    tf.dispose([x, ...parts])
  })

  it('refuses a filter of other channels, other types and other ranks', async () => {
    await useWasm()
    const run = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.engine().runKernel('Conv2D', { x, filter }, { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: 1 })
    const message = /conv2d: expected x float32 \[N, H, W, I\] and a filter float32 \[h, w, I, O\], got/
    tf.tidy(() => {
      expect(() => run(tf.zeros([1, 4, 4, 2]), tf.zeros([3, 3, 3, 1]))).toThrow(message)
      expect(() => run(tf.zeros([1, 4, 4, 2], 'int32'), tf.zeros([3, 3, 2, 1]))).toThrow(message)
      expect(() => run(tf.zeros([4, 4, 2]), tf.zeros([3, 3, 2, 1]))).toThrow(message)
    })
  })
})

describe('fused.conv2d', () => {
  const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const

  it.each(activations)('adds the bias and applies %s as the cpu backend does', async (activation) => {
    for (const bias of [undefined, [5], [1], []]) {
      await expectSameAsCpu((make) =>
        tf.fused.conv2d({
          x: make.normal([2, 6, 7, 3]) as tf.Tensor4D,
          filter: make.normal([3, 3, 3, 5]) as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          activation,
          ...(bias && { bias: make.normal(bias) }),
          ...(activation === 'prelu' && { preluActivationWeights: make.normal([5]) }),
          ...(activation === 'leakyrelu' && { leakyreluAlpha: 0.3 }),
        }),
      )
    }
  })

  it('takes images with the channels first', async () => {
    for (const shape of [[5], [5, 1, 1], [1, 1, 1]]) {
      for (const activation of ['relu', 'prelu'] as const) {
        await expectSameAsCpu((make) =>
          tf.fused.conv2d({
            x: make.normal([2, 3, 6, 7]) as tf.Tensor4D,
            filter: make.normal([3, 2, 3, 5]) as tf.Tensor4D,
            strides: 1,
            pad: 'valid',
            dataFormat: 'NCHW',
            activation,
            bias: make.normal([5]),
            ...(activation === 'prelu' && { preluActivationWeights: make.normal(shape) }),
          }),
        )
      }
    }
  })

  it('refuses unknown activations', async () => {
    await useWasm()
    const run = (attrs: object) =>
      tf.engine().runKernel('FusedConv2D', { x: tf.zeros([1, 4, 4, 2]), filter: tf.zeros([3, 3, 2, 1]) }, {
        strides: 1,
        pad: 'valid',
        dilations: 1,
        ...attrs,
      } as unknown as tf.NamedAttrMap)
    tf.tidy(() => {
      expect(() => run({ activation: 'step' })).toThrow(/fused.conv2d: expected activation linear, .* got step/)
    })
  })
})
