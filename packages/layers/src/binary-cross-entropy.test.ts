import { gradientCheck, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { binaryCrossEntropy } from './binary-cross-entropy.ts'

const logits = () => tf.tensor2d([2.5, -1, 0, -90, 0.3, 88, 0.7, -0.2, -3.1], [3, 3])
const targets = () => tf.tensor2d([1, 0, 1, 1, 1, 0, 0, 0, 0], [3, 3])
const weights = () => tf.tensor1d([2, 0.5, 3])

describe('binaryCrossEntropy', () => {
  beforeAll(useCpu)

  // Of torch.nn.BCEWithLogitsLoss.
  it.each([
    ['mean', false, 20.153892, [-0.0084287, 0.0298824, -0.0555556, -0.1111111, -0.0472842, 0.1111111, 0.0742431]],
    ['sum', false, 181.38504, [-0.0758582, 0.2689414, -0.5, -1, -0.4255575, 1, 0.6681877]],
    ['mean', true, 30.285893, [-0.0168574, 0.0298824, -0.1666667, -0.2222222, -0.0236421, 0.1111111, 0.0742431]],
    ['sum', true, 272.57303, [-0.1517164, 0.2689414, -1.5, -2, -0.2127787, 1, 0.6681877]],
  ] as const)('is that of PyTorch: the %s, weighted %s', (reduction, isWeighted, value, gradient) => {
    const options = { reduction, ...(isWeighted && { positiveWeights: weights() }) }
    const { value: loss, grad } = tf.valueAndGrad((x) => binaryCrossEntropy(x, targets(), options))(logits())
    expect(loss.dataSync()[0]! / value).toBeCloseTo(1, 6)
    for (const [i, expected] of gradient.entries()) expect(grad.dataSync()[i]).toBeCloseTo(expected, 6)
  })

  it('takes targets between 0 and 1', async () => {
    const soft = tf.tensor2d([0.1, 0.9, 0.5], [1, 3])
    await gradientCheck((x) => binaryCrossEntropy(x, soft, { positiveWeights: weights() }), [tf.tensor2d([[1, -1, 2]])])
  })

  it('needs a target for each logit, and a weight for each label', () => {
    expect(() => binaryCrossEntropy(logits(), tf.zeros([3, 3], 'int32'))).toThrow('expected float32 targets [3,3]')
    expect(() => binaryCrossEntropy(logits(), tf.zeros([3]))).toThrow('got float32 [3]')
    expect(() => binaryCrossEntropy(logits(), targets(), { positiveWeights: tf.ones([2]) })).toThrow(
      'expected weights [3], got [2]',
    )
  })
})
