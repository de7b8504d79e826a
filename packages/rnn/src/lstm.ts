import { parseConfig, type RandomStream } from '@heddle/core'
import { LSTMCell } from './cells/lstm-cell.ts'
import { Recurrent } from './recurrent.ts'
import { type StackConfig, stackCells, stackConfig } from './stack.ts'

/** Long short-term memory, {@link LSTMCell}, over whole sequences: stacked, in one or both directions. */
export class LSTM extends Recurrent {
  constructor(config: StackConfig, rng: RandomStream) {
    const { inputSize, hiddenSize, numLayers, bidirectional, ...rest } = parseConfig('LSTM', stackConfig, config)
    const layers = stackCells(
      { inputSize, hiddenSize, numLayers, bidirectional },
      (inputSize, hiddenSize) => new LSTMCell({ inputSize, hiddenSize }, rng),
    )
    super(layers, rest, rng)
  }
}
