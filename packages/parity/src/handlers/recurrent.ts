import { RandomStream } from '@heddle/core'
import { GRU, LSTM, type Recurrent, RNN } from '@heddle/rnn'
import * as tf from '@tensorflow/tfjs-core'
import { compareComputation } from '../differentiate.ts'
import { type GoldenCase, setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { recurrentWeightsOf } from './recurrent-weights.ts'

/** recurrent/{rnn_tanh, rnn_relu, lstm, gru}_l{layers}[_bi][_lengths] */
export const recurrentHandler: Handler = {
  covers: (name) => /^recurrent\/(rnn_tanh|rnn_relu|lstm|gru)_/.test(name),
  async compare(golden) {
    const recurrent = makeRecurrent(golden)
    const given = setting<readonly number[] | null>(golden, 'lengths')
    return compareComputation(golden, {
      weights: recurrentWeightsOf(recurrent),
      compute: ({ x, h0, c0 }) => {
        const lengths = given === null ? undefined : tf.tensor([...given], [given.length], 'int32')
        const parts = [h0!, ...(c0 === undefined ? [] : [c0])].map((part) => tf.unstack(part, 0))
        const cells = recurrent.cells.map((_, i) => parts.map((part) => part[i]!))
        const { outputs, state } = recurrent.forward(x!, { state: cells, ...(lengths && { lengths }) })
        const joined = (part: number) =>
          tf.stack(
            state.map((tensors) => tensors[part]!),
            0,
          )
        return { y: outputs, h: joined(0), ...(c0 && { c: joined(1) }) }
      },
    })
  },
}

function makeRecurrent(golden: GoldenCase): Recurrent {
  const config = {
    inputSize: setting<number>(golden, 'input'),
    hiddenSize: setting<number>(golden, 'hidden'),
    numLayers: setting<number>(golden, 'layers'),
    bidirectional: setting<boolean>(golden, 'bidirectional'),
  }
  const rng = new RandomStream(0)
  const kind = /^recurrent\/(rnn_tanh|rnn_relu|lstm|gru)_/.exec(golden.name)![1]!
  if (kind === 'lstm') return new LSTM(config, rng)
  if (kind === 'gru') return new GRU(config, rng)
  return new RNN({ ...config, activation: kind === 'rnn_relu' ? 'relu' : 'tanh' }, rng)
}
