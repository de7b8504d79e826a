import { parseConfig, type RandomStream } from '@heddle/core'
import { fusedOp, linear, observe } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import type { RecurrentState, SequenceOutput, StepOptions, StepOutput } from './cell.ts'
import { cellConfig, type SequenceInputs, stepInputs } from './cell-weights.ts'
import { runSteps, withoutPadding } from './run-steps.ts'
import { WeightedCell } from './weighted-cell.ts'

// B batch, T time, I input size, H hidden size, V rows of a table

export const rnnCellConfig = cellConfig.extend({
  activation: z.enum(['tanh', 'relu']).default('tanh').describe('the function that makes the new state'),
})
export type RNNCellConfig = z.input<typeof rnnCellConfig>
type RNNActivation = z.output<typeof rnnCellConfig>['activation']

/**
 * Vanilla recurrent network: h' = activation(x·inputWeight + inputBias + h·recurrentWeight + recurrentBias).
 *
 * State: [h], [B, H]. Initial weights as in PyTorch.
 *
 * @see Elman 1990, "Finding structure in time"
 */
export class RNNCell extends WeightedCell {
  readonly activation: RNNActivation

  constructor(config: RNNCellConfig, rng: RandomStream) {
    const { activation, ...sizes } = parseConfig('RNNCell', rnnCellConfig, config)
    super({ ...sizes, gates: 1, states: 1 }, rng)
    this.activation = activation
  }

  protected override step(x: tf.Tensor, state: RecurrentState, { recurrentMask }: StepOptions): StepOutput {
    const seen = recurrentMask === undefined ? state[0]! : tf.mul(state[0]!, recurrentMask)
    const fromInput = linear(x, this.inputWeight.value, this.inputBias.value)
    const h = rnnStep(fromInput, seen, this.recurrentWeight.value, this.recurrentBias.value, this.activation)
    observe(this, 'h', h)
    return { output: h, state: [h] }
  }

  protected override fused(inputs: SequenceInputs, _: RecurrentState, reverse: boolean): SequenceOutput {
    const attributes = { reverse, activation: this.activation }
    const [outputs, h] = fusedOp('HeddleRnnSequence', inputs, attributes, rnnSequence)
    return { outputs, state: [h] }
  }
}

/**
 * One step from the input's share.
 *
 * @param fromInput [B, H]
 */
function rnnStep(
  fromInput: tf.Tensor,
  h: tf.Tensor,
  recurrentWeight: tf.Tensor,
  recurrentBias: tf.Tensor,
  activation: RNNActivation,
): tf.Tensor {
  const sum = tf.add(fromInput, linear(h, recurrentWeight, recurrentBias)) // [B, H]
  return activation === 'tanh' ? tf.tanh(sum) : tf.relu(sum)
}

/** The reference of the fused op: one step after the other. */
function rnnSequence(
  { h0, inputWeight, recurrentWeight, inputBias, recurrentBias, lengths, ...input }: SequenceInputs,
  { reverse, activation }: { reverse: boolean; activation: RNNActivation },
): [outputs: tf.Tensor, h: tf.Tensor] {
  const fromInput = linear(withoutPadding(stepInputs(input), lengths), inputWeight, inputBias) // [B, T, H]
  const { outputs, state } = runSteps(fromInput, [h0], { reverse, ...(lengths && { lengths }) }, (sum, [h]) => {
    const next = rnnStep(sum, h!, recurrentWeight, recurrentBias, activation)
    return { output: next, state: [next] }
  })
  return [outputs, state[0]!]
}
