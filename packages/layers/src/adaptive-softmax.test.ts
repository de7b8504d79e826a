import { RandomStream } from '@heddle/core'
import { expectClose, gradientCheck, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { AdaptiveSoftmax } from './adaptive-softmax.ts'
import { crossEntropy } from './cross-entropy.ts'
import { valueAndGradients } from './gradients.ts'
import { namedParameters } from './tree.ts'

const [I, C, N] = [8, 11, 6]
const config = { inputSize: I, numClasses: C, cutoffs: [3, 7], divValue: 2 }
const labels = () => tf.tensor1d([0, 5, 10, 2, 3, 7], 'int32')

layerContract('AdaptiveSoftmax', {
  make: (rng) => new AdaptiveSoftmax(config, rng),
  inputs: (rng) => [randomTensor(rng, [2, 3, I])],
  shapes: [[2, 3, C]],
})

layerContract('AdaptiveSoftmax with a bias', {
  make: (rng) => new AdaptiveSoftmax({ ...config, headBias: true }, rng),
  inputs: (rng) => [randomTensor(rng, [N, I])],
  run: (layer, x) => layer.loss(x!, labels()),
  shapes: [[]],
})

/** The layer and the input of the golden numbers, made from sines in PyTorch's order of elements. */
function golden(headBias: boolean): { layer: AdaptiveSoftmax; x: tf.Tensor } {
  const layer = new AdaptiveSoftmax({ ...config, headBias }, new RandomStream(1))
  namedParameters(layer).forEach(([, parameter], n) => {
    const values = Array.from({ length: parameter.size }, (_, k) => Math.sin(k * 0.7 + n) * 0.5)
    const [rows, columns] = parameter.shape
    parameter.assign(columns === undefined ? tf.tensor(values) : tf.transpose(tf.tensor(values, [columns, rows!])))
  })
  const x = tf.tensor2d(
    Array.from({ length: N * I }, (_, i) => Math.cos(i * 0.3)),
    [N, I],
  )
  return { layer, x }
}

describe('AdaptiveSoftmax', () => {
  beforeAll(useCpu)

  // torch.nn.AdaptiveLogSoftmaxWithLoss(8, 11, [3, 7], div_value=2.0, head_bias=…) of PyTorch 2.13.
  it.each([
    {
      headBias: false,
      loss: 3.0251617,
      row: [
        -2.438341, -2.431866, -2.01943, -2.898075, -2.835324, -3.606711, -2.215827, -3.189893, -2.850493, -1.775995,
        -1.750136,
      ],
      dx: [-0.052263, 0.054493, 0.135619, 0.152962, 0.098365, -0.002496, -0.102182, -0.153811],
      gradients: [5.19776, 2.80611, 1.8874, 0.64212, 0.40833],
    },
    {
      headBias: true,
      loss: 2.543093,
      row: [
        -2.060799, -1.979228, -1.724892, -2.354372, -3.896767, -2.230416, -3.828167, -3.092463, -2.361009, -2.173826,
        -2.84165,
      ],
      dx: [-0.033347, 0.012852, 0.053006, 0.068231, 0.051366, 0.010342, -0.035545, -0.064715],
      gradients: [5.10664, 0.75561, 0.63416, 0.53169, 0.91453, 0.47463],
    },
  ])('has the numbers of PyTorch (headBias $headBias)', ({ headBias, loss, row, dx, gradients: expected }) => {
    const { layer, x } = golden(headBias)
    expectClose(tf.slice(layer.forward(x), [1, 0], [1, C]), tf.tensor2d([row]))
    const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => layer.loss(input, labels()))(x)
    expect(value.dataSync()[0]).toBeCloseTo(loss, 5)
    expectClose(tf.slice(grad, [2, 0], [1, I]), tf.tensor2d([dx]))
    const { gradients } = valueAndGradients(layer, () => layer.loss(x, labels()))
    const sums = namedParameters(layer).map(([, each]) => tf.sum(tf.abs(gradients.get(each)!)).dataSync()[0]!)
    sums.forEach((sum, i) => void expect(sum).toBeCloseTo(expected[i]!, 4))
  })

  it('names its weights as PyTorch does', () => {
    const { layer } = golden(true)
    expect(namedParameters(layer).map(([path]) => path)).toEqual([
      'head.weight',
      'head.bias',
      'tail.0.0.weight',
      'tail.0.1.weight',
      'tail.1.0.weight',
      'tail.1.1.weight',
    ])
  })

  it('is a distribution, whose cross-entropy is the loss, with labels in all clusters or in none', async () => {
    const { layer, x } = golden(false)
    expectClose(tf.sum(tf.exp(layer.forward(x)), 1), tf.ones([N]))
    const ofHead = tf.zeros([N], 'int32')
    for (const some of [labels(), ofHead]) {
      expectClose(layer.loss(x, some), crossEntropy(layer.forward(x), some))
      await gradientCheck((input) => layer.loss(input, some), [x], { elements: 10 })
    }
    const { gradients } = valueAndGradients(layer, () => layer.loss(x, ofHead))
    expect(gradients.has(layer.tail[0]![0].weight)).toBe(false)
  })

  it('refuses cutoffs out of order, clusters without features, and labels that name no class', () => {
    const make = (some: object) => () => new AdaptiveSoftmax({ ...config, ...some }, new RandomStream(1))
    expect(make({ cutoffs: [3, 3] })).toThrow('expected cutoffs that rise and stay below 11 classes, got [3,3]')
    expect(make({ cutoffs: [3, 11] })).toThrow('got [3,11]')
    expect(make({ divValue: 4 })).toThrow('expected at least one feature in each cluster, got 8 / 4^2 in cluster 1')
    const { layer, x } = golden(false)
    expect(() => layer.loss(x, tf.fill([N], 11, 'int32'))).toThrow('expected labels from 0 to 10, got 11')
    expect(() => layer.loss(x, tf.zeros([2], 'int32'))).toThrow('expected int32 labels [6] for x [6,8], got int32 [2]')
    expect(() => layer.forward(tf.zeros([2, 5]))).toThrow('expected x [..., 8], got [2,5]')
  })
})
