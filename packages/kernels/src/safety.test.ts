import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useWasm } from './use-wasm.ts'

beforeAll(() => useWasm())

const refused = (code: 'shape' | 'backend' | 'usage', message: RegExp) =>
  expect.objectContaining({ name: 'HeddleError', code, message: expect.stringMatching(message) })

/** The error that a call throws; tensors that it leaves behind are a failure too. */
function errorOf(call: () => unknown): unknown {
  const before = tf.backend().numDataIds()
  let thrown: unknown
  try {
    tf.tidy(() => void call())
  } catch (error) {
    thrown = error
  }
  expect(tf.backend().numDataIds()).toBe(before)
  return thrown
}

const values = (tensor: tf.Tensor) => [...tensor.dataSync()]

describe('sizes that the memory cannot have', () => {
  it.each<[string, () => tf.Tensor]>([
    ['add', () => tf.add(tf.fill([16777217, 1], 1, 'int32'), tf.fill([1, 64], 1, 'int32'))],
    ['pad', () => tf.pad(tf.fill([16], 1, 'int32'), [[0, 2 ** 30]])],
    ['tile of booleans', () => tf.tile(tf.fill([2, 15], 1, 'bool'), [143165538, 1])],
    ['resizeBilinear', () => tf.image.resizeBilinear(tf.ones([1, 2, 2, 1]) as tf.Tensor4D, [32768, 32769])],
    ['oneHot', () => tf.oneHot(tf.tensor1d([1, 2, 3, 4, 0], 'int32'), 2 ** 30)],
    ['fill', () => tf.fill([65536, 65537], 1, 'bool')],
    ['range', () => tf.range(0, 2 ** 31)],
  ])('are refused by %s', (_, call) => {
    expect(errorOf(call)).toEqual(refused('backend', /no memory left/))
  })
})

describe('indices out of range', () => {
  it.each([3000, -300])('are refused by scatterND, tensorScatterUpdate, sparseToDense and gatherND: %i', (index) => {
    const at = () => tf.tensor2d([[index]], [1, 1], 'int32')
    const named = refused('shape', new RegExp(`got ${index} for dimension 0 of size 4`))
    expect(errorOf(() => tf.scatterND(at(), tf.tensor1d([1]), [4]))).toEqual(named)
    expect(errorOf(() => tf.tensorScatterUpdate(tf.zeros([4]), at(), tf.tensor1d([1])))).toEqual(named)
    expect(errorOf(() => tf.sparseToDense(at(), tf.tensor1d([1]), [4], 0))).toEqual(named)
    expect(errorOf(() => tf.gatherND(tf.zeros([4]), at()))).toEqual(named)
  })

  it('are refused by cropAndResize', () => {
    const picture = tf.ones([2, 4, 4, 1]) as tf.Tensor4D
    const box = tf.tensor2d([[0, 0, 1, 1]])
    const at = tf.tensor1d([500000], 'int32')
    expect(errorOf(() => tf.image.cropAndResize(picture, box, at, [2, 2]))).toEqual(refused('shape', /500000/))
  })

  it('are refused by gather, of booleans too', () => {
    const at = tf.tensor1d([7], 'int32')
    expect(errorOf(() => tf.gather(tf.fill([4, 2], 1, 'bool'), at))).toEqual(refused('shape', /0 to 3, got 7/))
  })

  it('leave valid ones alone', () => {
    const at = tf.tensor2d([[3], [0], [3]], [3, 1], 'int32')
    expect(values(tf.scatterND(at, tf.tensor1d([1, 2, 4]), [4]))).toEqual([2, 0, 0, 5])
    expect(values(tf.tensorScatterUpdate(tf.ones([4]), at, tf.tensor1d([5, 6, 7])))).toEqual([6, 1, 1, 7])
    expect(values(tf.sparseToDense(tf.tensor1d([2, 0], 'int32'), tf.tensor1d([5, 6]), [4], -1))).toEqual([6, -1, 5, -1])
    expect(
      values(
        tf.gatherND(
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
          tf.tensor2d(
            [
              [1, 0],
              [0, 1],
            ],
            [2, 2],
            'int32',
          ),
        ),
      ),
    ).toEqual([3, 2])
  })
})

describe('reductions over nothing', () => {
  const nothing = () => tf.zeros([3, 0])
  it.each<[string, () => tf.Tensor, number]>([
    ['sum', () => tf.sum(nothing(), 1), 0],
    ['mean', () => tf.mean(nothing(), 1), Number.NaN],
    ['max', () => tf.max(nothing(), 1), Number.NEGATIVE_INFINITY],
    ['min', () => tf.min(nothing(), 1), Number.POSITIVE_INFINITY],
    ['prod', () => tf.prod(nothing(), 1), 1],
    ['any', () => tf.any(tf.cast(nothing(), 'bool'), 1), 0],
    ['all', () => tf.all(tf.cast(nothing(), 'bool'), 1), 1],
    ['einsum', () => tf.einsum('ij->i', nothing()), 0],
  ])('have their own value: %s', (_, call, expected) => {
    expect(values(call())).toEqual([expected, expected, expected])
  })

  it('are refused where there is none', () => {
    expect(errorOf(() => tf.max(tf.zeros([3, 0], 'int32'), 1))).toEqual(refused('shape', /at least one int32 element/))
    expect(errorOf(() => tf.argMax(nothing(), 1))).toEqual(refused('shape', /at least one element/))
  })
})

describe('windows larger than the picture', () => {
  const picture = (shape: [number, number, number, number]) => tf.ones<tf.Rank.R4>(shape)
  it.each<[string, () => tf.Tensor]>([
    ['conv2d', () => tf.conv2d(picture([1, 3, 3, 4]), picture([5, 5, 4, 3]), 1, 'valid')],
    ['conv2d with dilation', () => tf.conv2d(picture([1, 3, 3, 4]), picture([3, 3, 4, 3]), 1, 'valid', 'NHWC', 2)],
    ['depthwiseConv2d', () => tf.depthwiseConv2d(picture([1, 3, 3, 4]), picture([5, 2, 4, 1]), 1, 'valid')],
    ['maxPool', () => tf.maxPool(picture([1, 3, 3, 4]), 5, 1, 'valid')],
    ['avgPool', () => tf.avgPool(picture([1, 3, 3, 4]), [2, 5], 1, 'valid')],
    [
      'fused.conv2d',
      () => tf.fused.conv2d({ x: picture([1, 3, 3, 4]), filter: picture([4, 1, 4, 3]), strides: 1, pad: 'valid' }),
    ],
  ])('are refused by %s', (_, call) => {
    expect(errorOf(call)).toEqual(refused('shape', /larger than the picture/))
  })

  it('are refused by pools and convolutions of volumes', () => {
    const volume = tf.ones([1, 2, 2, 2, 1]) as tf.Tensor5D
    const filter = tf.ones([4, 4, 4, 1, 1]) as tf.Tensor5D
    expect(errorOf(() => tf.maxPool3d(volume, 4, 1, 'valid'))).toMatchObject({ code: 'shape' })
    expect(errorOf(() => tf.conv3d(volume, filter, 1, 'valid'))).toMatchObject({ code: 'shape' })
  })
})

describe('values', () => {
  it('prelu broadcasts its slopes', () => {
    const slopes = tf.tensor2d([[0.5], [0.25]])
    expect(
      values(
        tf.prelu(
          tf.tensor2d([
            [-1, 2],
            [-3, 4],
          ]),
          slopes,
        ),
      ),
    ).toEqual([-0.5, 2, -0.75, 4])
  })

  it('clipByValue keeps NaN and integers', () => {
    expect(values(tf.clipByValue(tf.tensor1d([Number.NaN, -2, 0.5, 7]), 0, 1))).toEqual([Number.NaN, 0, 0.5, 1])
    expect(values(tf.clipByValue(tf.tensor1d([-2, 3, 9], 'int32'), 0, 5))).toEqual([0, 3, 5])
  })

  it('a cast to bool is whether it is not 0', () => {
    expect(values(tf.cast(tf.tensor1d([0, 0.5, 256, -1]), 'bool'))).toEqual([0, 1, 1, 1])
  })

  it('integers divided by 0 do not trap', () => {
    const [a, b] = [tf.tensor1d([7, -7, 5], 'int32'), tf.tensor1d([2, 2, 0], 'int32')]
    expect(values(tf.floorDiv(a, b)).slice(0, 2)).toEqual([3, -4])
  })

  it('negative paddings and widths that x has not are refused', () => {
    expect(errorOf(() => tf.pad(tf.ones([4]), [[-2, 1]]))).toEqual(refused('shape', /pad: expected 1 pairs/))
    const run = () => tf.engine().runKernel('MirrorPad', { x: tf.ones([3]) }, { paddings: [[5, 0]], mode: 'reflect' })
    expect(errorOf(run)).toEqual(refused('shape', /mirrorPad: expected 1 pairs/))
  })

  it('the largest of a volume of negative numbers is negative', () => {
    const volume = tf.fill([1, 2, 2, 2, 1], -3) as tf.Tensor5D
    expect(values(tf.maxPool3d(volume, 2, 1, 'valid'))).toEqual([-3])
  })
})
