import { RandomStream } from '@heddle/core'
import {
  embedding,
  initializers,
  Module,
  namedParameters,
  Parameter,
  setTraining,
  valueAndGradients,
} from '@heddle/layers'
import { expectClose, GRADIENT_TOLERANCE, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { RecurrentCell, type RecurrentState, type StepOutput } from './cells/cell.ts'
import { RNNCell } from './cells/rnn-cell.ts'
import { GRU } from './gru.ts'
import { LSTM } from './lstm.ts'
import { Recurrent } from './recurrent.ts'
import { RNN } from './rnn.ts'

const [B, T, I, H] = [3, 8, 4, 5]
const LENGTHS = [8, 3, 0]

/** Only has `forward`, as a third party's cell may. */
class WrappedCell extends RecurrentCell {
  readonly inputSize = I
  readonly hiddenSize = H
  readonly stateSizes = [H]
  readonly inner: RNNCell

  constructor(rng: RandomStream) {
    super()
    this.inner = new RNNCell({ inputSize: I, hiddenSize: H }, rng)
  }

  override forward(x: tf.Tensor, state: RecurrentState): StepOutput {
    return this.inner.forward(x, state)
  }
}

const models: Record<string, (rng: RandomStream) => Recurrent> = {
  'an LSTM of two layers': (rng) => new LSTM({ inputSize: I, hiddenSize: H, numLayers: 2 }, rng),
  'a GRU in both directions': (rng) => new GRU({ inputSize: I, hiddenSize: H, bidirectional: true }, rng),
  'a vanilla RNN': (rng) => new RNN({ inputSize: I, hiddenSize: H }, rng),
  'an LSTM with dropout of its input': (rng) => new LSTM({ inputSize: I, hiddenSize: H, inputDropout: 0.5 }, rng),
  'a cell without a sequence': (rng) => new Recurrent([{ forward: new WrappedCell(rng) }], {}, rng),
}

beforeAll(useCpu)

/** The model with the table as a parameter, so that its gradient is seen too. */
class TableModel extends Module {
  readonly table: Parameter // [V, I]
  readonly recurrent: Recurrent

  constructor(V: number, make: (rng: RandomStream) => Recurrent) {
    super()
    this.table = new Parameter([V, I], initializers.uniform(-1, 1), new RandomStream(4))
    this.recurrent = make(new RandomStream(7))
    setTraining(this, true)
  }

  override forward(ids: tf.Tensor, lookUp: boolean): { loss: tf.Scalar; outputs: tf.Tensor } {
    const table = this.table.value
    const lengths = tf.tensor1d(LENGTHS, 'int32')
    const { outputs, state } = this.recurrent.forward(lookUp ? embedding(ids, table) : { ids, table }, { lengths })
    const weights = tf.reshape(tf.range(1, 1 + outputs.size, 1), outputs.shape)
    const sums = [tf.mul(outputs, weights), ...state.flat()].map((output) => tf.sum(output))
    return { loss: tf.addN(sums) as tf.Scalar, outputs }
  }
}

describe('Recurrent over the rows of a table', () => {
  for (const [name, make] of Object.entries(models)) {
    // A small table is multiplied with the weights, a large one looked up.
    it.each([3, 40])(`has the values and gradients of the rows looked up: ${name}, %i rows`, (V) => {
      const ids = tf.tensor2d(
        Array.from({ length: B * T }, (_, i) => (i * i + 2) % V),
        [B, T],
        'int32',
      )
      const [lookedUp, ofTable] = [new TableModel(V, make), new TableModel(V, make)]
      expectClose(ofTable.forward(ids, false).outputs, lookedUp.forward(ids, true).outputs)
      const actual = valueAndGradients(ofTable, () => ofTable.forward(ids, false).loss)
      const expected = valueAndGradients(lookedUp, () => lookedUp.forward(ids, true).loss)
      const parameters = namedParameters(ofTable)
      expect(actual.gradients.size).toBe(parameters.length)
      namedParameters(lookedUp).forEach(([path, parameter], i) => {
        const gradient = actual.gradients.get(parameters[i]![1])!
        expectClose(gradient, expected.gradients.get(parameter)!, GRADIENT_TOLERANCE, path)
      })
    })
  }

  it('names an id tensor of a wrong shape', () => {
    const cell = new RNNCell({ inputSize: I, hiddenSize: H }, new RandomStream(1))
    const ids = tf.tensor1d([0, 1], 'int32')
    expect(() => cell.sequence(tf.zeros([3, I]), [tf.zeros([2, H])], { reverse: false, ids })).toThrow(
      'RNNCell: expected ids [B, T] of int32, got int32 [2].',
    )
  })
})
