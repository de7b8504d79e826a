import type { RandomStream } from '@heddle/core'
import { isObserved, type Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
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
import { recurrentWeights, type SequenceInputs } from './cell-weights.ts'

// B batch, T time, I input size, H hidden size, G gates, V rows of a table

/** What RNN, LSTM and GRU share: weights of G gates side by side, and a fused op for whole sequences. */
export abstract class WeightedCell extends RecurrentCell {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly stateSizes: readonly number[]
  override readonly maskable = true
  override readonly tableReading = true
  readonly inputWeight: Parameter // [I, G·H]
  readonly recurrentWeight: Parameter // [H, G·H]
  readonly inputBias: Parameter // [G·H]
  readonly recurrentBias: Parameter // [G·H]

  /** @param sizes gates G, and how many tensors of size H a state has */
  constructor(
    sizes: { readonly inputSize: number; readonly hiddenSize: number; readonly gates: number; readonly states: number },
    rng: RandomStream,
  ) {
    super()
    const { inputSize, hiddenSize, gates, states } = sizes
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.stateSizes = Array.from({ length: states }, () => hiddenSize)
    const weights = recurrentWeights(gates, inputSize, hiddenSize, rng)
    this.inputWeight = weights.inputWeight
    this.recurrentWeight = weights.recurrentWeight
    this.inputBias = weights.inputBias
    this.recurrentBias = weights.recurrentBias
  }

  /** @param x [B, I] */
  override forward(x: tf.Tensor, state: RecurrentState, options: StepOptions = {}): StepOutput {
    checkStepInputs(this, x, state)
    // The fused op neither masks nor shows its gates.
    if (options.recurrentMask !== undefined || isObserved()) return this.step(x, state, options)
    const { state: next } = this.sequence(tf.expandDims(x, 1), state, { reverse: false })
    return { output: next[0]!, state: next }
  }

  /** @param x [B, T, I], or with ids a table [V, I] */
  override sequence(x: tf.Tensor, state: RecurrentState, options: SequenceOptions): SequenceOutput {
    checkSequenceInputs(this, x, state, options.ids)
    const { lengths, ids } = options
    const inputs = {
      x,
      h0: state[0]!,
      inputWeight: this.inputWeight.value,
      recurrentWeight: this.recurrentWeight.value,
      inputBias: this.inputBias.value,
      recurrentBias: this.recurrentBias.value,
      ...(lengths && { lengths }),
      ...(ids && { ids }),
    }
    return this.fused(inputs, state, options.reverse)
  }

  /** The step as a formula, which reports what it works out on the way. */
  protected abstract step(x: tf.Tensor, state: RecurrentState, options: StepOptions): StepOutput

  /** The fused op over a whole sequence. */
  protected abstract fused(inputs: SequenceInputs, state: RecurrentState, reverse: boolean): SequenceOutput
}
