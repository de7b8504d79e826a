import { parseConfig, type RandomStream } from '@heddle/core'
import type * as z from 'zod'
import { RNNCell, rnnCellConfig } from './cells/rnn-cell.ts'
import { Recurrent } from './recurrent.ts'
import { stackCells, stackConfig } from './stack.ts'

const rnnConfig = stackConfig.extend({ activation: rnnCellConfig.shape.activation })
export type RNNConfig = z.input<typeof rnnConfig>

/** Vanilla recurrent network, {@link RNNCell}, over whole sequences: stacked, in one or both directions. */
export class RNN extends Recurrent {
  constructor(config: RNNConfig, rng: RandomStream) {
    const { inputSize, hiddenSize, numLayers, bidirectional, activation, ...rest } = parseConfig(
      'RNN',
      rnnConfig,
      config,
    )
    const layers = stackCells(
      { inputSize, hiddenSize, numLayers, bidirectional },
      (inputSize, hiddenSize) => new RNNCell({ inputSize, hiddenSize, activation }, rng),
    )
    super(layers, rest, rng)
  }
}
