import { RandomStream } from '@heddle/core'
import { randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { LSTMCell } from './cells/lstm-cell.ts'
import { RNNCell } from './cells/rnn-cell.ts'
import { gradientFlow } from './gradient-flow.ts'

const [B, T, I, H] = [2, 12, 3, 6]

/** The last output: everything before it reaches the loss through the state alone. */
const lastOutput = (outputs: tf.Tensor) => tf.sum(tf.slice(outputs, [0, T - 1, 0], [B, 1, H])) as tf.Scalar

describe('gradientFlow', () => {
  beforeAll(useCpu)
  const x = () => randomTensor(new RandomStream(1), [B, T, I], 0.1)

  it('in a linear network the gradient is multiplied by the recurrent weight at each step', () => {
    for (const factor of [0.5, 1.5]) {
      const cell = new RNNCell({ inputSize: I, hiddenSize: H, activation: 'relu' }, new RandomStream(1))
      // Positive inputs and weights keep every unit on the linear side of its ReLU.
      cell.recurrentWeight.assign(tf.mul(tf.eye(H), factor))
      cell.inputBias.assign(tf.fill([H], 2))
      cell.recurrentBias.assign(tf.zeros([H]))
      const flow = (gradientFlow(cell, x(), lastOutput).arraySync() as number[][])[0]!
      flow.forEach((norm, t) => {
        expect(norm).toBeCloseTo(Math.sqrt(B * H) * factor ** (T - 1 - t), 3)
      })
    }
  })

  it('it vanishes in a vanilla network of small weights, and is kept by the cell of an LSTM with open forget gates', () => {
    const rnn = new RNNCell({ inputSize: I, hiddenSize: H }, new RandomStream(1))
    rnn.recurrentWeight.assign(tf.mul(rnn.recurrentWeight.value, 0.5))
    const lstm = new LSTMCell({ inputSize: I, hiddenSize: H }, new RandomStream(1))
    const open = tf.concat([tf.zeros([H]), tf.fill([H], 6), tf.zeros([2 * H])])
    lstm.inputBias.assign(open)
    const share = (flow: number[]) => flow[0]! / flow[T - 1]!
    const [h] = gradientFlow(rnn, x(), lastOutput).arraySync() as number[][]
    const [, c] = gradientFlow(lstm, x(), lastOutput).arraySync() as number[][]
    expect(share(h!)).toBeLessThan(1e-3)
    expect(share(c!)).toBeGreaterThan(0.3)
  })

  it('what comes after the loss has no gradient', () => {
    const cell = new LSTMCell({ inputSize: I, hiddenSize: H }, new RandomStream(1))
    const third = (outputs: tf.Tensor) => tf.sum(tf.slice(outputs, [0, 2, 0], [B, 1, H])) as tf.Scalar
    const flow = gradientFlow(cell, x(), third)
    expect(flow.shape).toEqual([2, T])
    const [h, c] = flow.arraySync() as number[][]
    expect(h!.map((norm) => norm > 0)).toEqual(h!.map((_, t) => t <= 2))
    // At the loss's own step c has already become h.
    expect(c!.map((norm) => norm > 0)).toEqual(c!.map((_, t) => t < 2))
  })

  it('it refuses an input of another size', () => {
    const cell = new LSTMCell({ inputSize: I, hiddenSize: H }, new RandomStream(1))
    expect(() => gradientFlow(cell, tf.zeros([B, T, I + 1]), lastOutput)).toThrow(/LSTMCell: expected x \[B, T, 3\]/)
  })
})
