import * as tf from '@tensorflow/tfjs-core'
import { describe, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'

const activations = ['linear', 'relu', 'relu6', 'elu', 'leakyrelu', 'sigmoid', 'prelu'] as const

describe('fusedMatMul', () => {
  it.each(activations)('applies bias and %s', async (activation) => {
    for (const [batch, M, N, K] of [
      [1, 7, 19, 12],
      [3, 5, 16, 300],
      [2, 1, 3, 1],
    ] as const) {
      await expectSameAsCpu(
        (make) => [
          tf.fused.matMul({
            a: make.normal([batch, M, K], 3),
            b: make.normal([batch, K, N]),
            bias: make.normal([N]),
            activation,
            leakyreluAlpha: 0.3,
            ...(activation === 'prelu' ? { preluActivationWeights: make.normal([N]) } : {}),
          }),
        ],
        { tolerance: 1e-4 },
      )
    }
  })

  it('adds a bias of any shape that broadcasts', async () => {
    for (const shape of [[1], [8, 1], [1, 20], [8, 20]]) {
      await expectSameAsCpu((make) =>
        tf.fused.matMul({
          a: make.normal([8, 5]),
          b: make.normal([5, 20]),
          bias: make.normal(shape),
          activation: 'relu',
        }),
      )
    }
  })

  it('works transposed and without a bias', async () => {
    await expectSameAsCpu((make) =>
      tf.fused.matMul({
        a: make.normal([5, 8]),
        b: make.normal([20, 5]),
        transposeA: true,
        transposeB: true,
        activation: 'elu',
      }),
    )
  })

  it('has the gradient of the cpu backend', async () => {
    for (const activation of ['linear', 'relu', 'relu6', 'elu'] as const) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal([9, 14]), make.normal([14, 18]), make.normal([18])],
        (a, b, bias) => tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias: bias!, activation }),
      )
    }
  })
})
