import { parseConfig, type RandomStream } from '@heddle/core'
import { fusedOp, isObserved, linear, observe, type Parameter, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { PyTorchCell } from '../pytorch/cells.ts'
import {
  checkSequenceInputs,
  checkStepInputs,
  RecurrentCell,
  type RecurrentState,
  type SequenceOptions,
  type SequenceOutput,
  type StepOptions,
  type StepOutput,
} from './cell.ts'
import { cellConfig, cellWeights, type SequenceInputs, stepInputs, weightValues } from './cell-weights.ts'
import { runSteps, withoutPadding } from './run-steps.ts'

// B batch, T time, I input size, H hidden size, V rows of a table

export const rnnCellConfig = cellConfig.extend({
  activation: z.enum(['tanh', 'relu']).default('tanh').describe('function that gives the new state'),
})
export type RNNCellConfig = z.input<typeof rnnCellConfig>
type RNNActivation = z.output<typeof rnnCellConfig>['activation']

/**
 * Vanilla recurrent cell.
 *
 *     h' = activation(x·inputWeight + inputBias + h·recurrentWeight + recurrentBias)
 *
 * State: [h], [B, H]. Initial weights as in PyTorch.
 *
 * @see Elman 1990, "Finding structure in time"
 */
export class RNNCell extends RecurrentCell {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly stateSizes: readonly number[]
  override readonly maskable = true
  override readonly tableReading = true
  readonly inputWeight: Parameter // [I, H]
  override readonly recurrentWeight: Parameter // [H, H]
  readonly inputBias: Parameter // [H]
  readonly recurrentBias: Parameter // [H]
  readonly activation: RNNActivation

  constructor(config: RNNCellConfig, rng: RandomStream) {
    super()
    const { inputSize, hiddenSize, activation } = parseConfig('RNNCell', rnnCellConfig, config)
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.stateSizes = [hiddenSize]
    const weights = cellWeights(1, inputSize, hiddenSize, rng)
    this.inputWeight = weights.inputWeight
    this.recurrentWeight = weights.recurrentWeight
    this.inputBias = weights.inputBias
    this.recurrentBias = weights.recurrentBias
    this.activation = activation
  }

  /** @param x [B, I] */
  override forward(x: tf.Tensor, state: RecurrentState, { recurrentMask }: StepOptions = {}): StepOutput {
    checkStepInputs(this, x, state)
    if (recurrentMask === undefined && !isObserved()) {
      const { state: next } = this.sequence(tf.expandDims(x, 1), state, { reverse: false }) // T = 1
      return { output: next[0]!, state: next }
    }
    const { inputWeight, recurrentWeight, inputBias, recurrentBias } = weightValues(this)
    const seen = recurrentMask === undefined ? state[0]! : tf.mul(state[0]!, recurrentMask)
    const h = rnnStep(linear(x, inputWeight, inputBias), seen, recurrentWeight, recurrentBias, this.activation)
    observe(this, 'h', h)
    return { output: h, state: [h] }
  }

  /** @param x [B, T, I], or with ids a table [V, I] */
  override sequence(x: tf.Tensor, state: RecurrentState, { lengths, reverse, ids }: SequenceOptions): SequenceOutput {
    checkSequenceInputs(this, x, state, ids)
    const inputs = { x, h0: state[0]!, ...weightValues(this), ...(lengths && { lengths }), ...(ids && { ids }) }
    const attributes = { reverse, activation: this.activation }
    const [outputs, h] = fusedOp('HeddleRnnSequence', inputs, attributes, rnnSequence)
    return { outputs, state: [h] }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchCell> {
    const { rnnCell } = await import('../pytorch/cells.ts')
    return rnnCell(this, source)
  }
}

/**
 * One step, from the product of its input.
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

/** Reference of the fused op: one step after the other. */
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
