import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CellWeights } from './cell-weights.ts'
import { GRUCell } from './gru-cell.ts'
import { LSTMCell } from './lstm-cell.ts'
import { RNNCell } from './rnn-cell.ts'

const sizes = { inputSize: 1, hiddenSize: 1 }
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const [X, HIDDEN, CELL] = [0.7, -0.4, 0.9]

/** The sums of each gate of a cell with one unit, from the input and from the hidden state. */
function gateSums({ inputWeight, recurrentWeight, inputBias, recurrentBias }: CellWeights, h: number) {
  const [wx, wh, bx, bh] = [inputWeight, recurrentWeight, inputBias, recurrentBias].map(({ value }) => value.dataSync())
  return Array.from(wx!, (weight, gate) => ({ x: weight * X + bx![gate]!, h: wh![gate]! * h + bh![gate]! }))
}

describe('the equations of the cells, by hand for one unit', () => {
  beforeAll(useCpu)
  const x = () => tf.tensor([[X]])
  const h = () => tf.tensor([[HIDDEN]])
  const value = (tensor: tf.Tensor) => tensor.dataSync()[0]!

  // Without a mask the fused op's formula runs, with a mask of ones the formula of a single step.
  for (const mask of [undefined, 1, 0, 2]) {
    const options = () => (mask === undefined ? {} : { recurrentMask: tf.tensor([[mask]]) })
    const masked = HIDDEN * (mask ?? 1)
    const name = mask === undefined ? 'without a mask' : `with a recurrent mask of ${mask}`

    it(`LSTM ${name}`, () => {
      const cell = new LSTMCell(sizes, new RandomStream(1))
      const [i, f, g, o] = gateSums(cell, masked).map((gate) => gate.x + gate.h) as [number, number, number, number]
      const c = sigmoid(f) * CELL + sigmoid(i) * Math.tanh(g)
      const step = cell.forward(x(), [h(), tf.tensor([[CELL]])], options())
      expect(value(step.state[1]!)).toBeCloseTo(c, 6)
      expect(value(step.output)).toBeCloseTo(sigmoid(o) * Math.tanh(c), 6)
    })

    it(`GRU ${name}: the mask hides the state from the weights, not from what is carried on`, () => {
      const cell = new GRUCell(sizes, new RandomStream(2))
      const [r, z, n] = gateSums(cell, masked) as [
        { x: number; h: number },
        { x: number; h: number },
        { x: number; h: number },
      ]
      const reset = sigmoid(r.x + r.h)
      const update = sigmoid(z.x + z.h)
      const candidate = Math.tanh(n.x + reset * n.h)
      const expected = (1 - update) * candidate + update * HIDDEN
      expect(value(cell.forward(x(), [h()], options()).output)).toBeCloseTo(expected, 6)
    })

    for (const activation of ['tanh', 'relu'] as const) {
      it(`RNN of ${activation} ${name}`, () => {
        const cell = new RNNCell({ ...sizes, activation }, new RandomStream(4))
        const sum = gateSums(cell, masked).map((gate) => gate.x + gate.h)[0]!
        const expected = activation === 'tanh' ? Math.tanh(sum) : Math.max(sum, 0)
        expect(value(cell.forward(x(), [h()], options()).output)).toBeCloseTo(expected, 6)
      })
    }
  }

  it('weights start uniform within one over the root of the hidden size', () => {
    const cell = new LSTMCell({ inputSize: 30, hiddenSize: 25 }, new RandomStream(1))
    for (const { value } of [cell.inputWeight, cell.recurrentWeight, cell.inputBias, cell.recurrentBias]) {
      const largest = Math.max(...value.dataSync().map(Math.abs))
      expect(largest).toBeLessThanOrEqual(0.2)
      expect(largest).toBeGreaterThan(0.18)
    }
  })
})
