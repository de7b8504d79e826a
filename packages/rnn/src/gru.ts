import { parseConfig, type RandomStream } from '@heddle/core'
import { GRUCell } from './cells/gru-cell.ts'
import { Recurrent } from './recurrent.ts'
import { type StackConfig, stackCells, stackConfig } from './stack.ts'

/** Gated recurrent unit, {@link GRUCell}, over whole sequences: stacked, in one or both directions. */
export class GRU extends Recurrent {
  constructor(config: StackConfig, rng: RandomStream) {
    const { inputSize, hiddenSize, numLayers, bidirectional, ...rest } = parseConfig('GRU', stackConfig, config)
    const layers = stackCells(
      { inputSize, hiddenSize, numLayers, bidirectional },
      (inputSize, hiddenSize) => new GRUCell({ inputSize, hiddenSize }, rng),
    )
    super(layers, rest, rng)
  }
}
