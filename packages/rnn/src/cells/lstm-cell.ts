import { parseConfig, type RandomStream } from '@heddle/core'
import { fusedOp, isObserved, linear, observe, type Parameter, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
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
import {
  type CellConfig,
  cellConfig,
  cellWeights,
  type SequenceInputs,
  stepInputs,
  weightValues,
} from './cell-weights.ts'
import { runSteps, withoutPadding } from './run-steps.ts'

// B batch, T time, I input size, H hidden size, V rows of a table

/**
 * Long short-term memory.
 *
 *     i, f, g, o = x·inputWeight + inputBias + h·recurrentWeight + recurrentBias, side by side in this order
 *     c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g)
 *     h' = σ(o) ⊙ tanh(c')
 *
 * State: [h, c], both [B, H]. Gates and initial weights as in PyTorch; no peepholes.
 *
 * @see Hochreiter & Schmidhuber 1997, "Long short-term memory"; Gers et al. 2000 for the forget gate
 */
export class LSTMCell extends RecurrentCell {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly stateSizes: readonly number[]
  override readonly maskable = true
  override readonly tableReading = true
  override readonly gates = ['inputGate', 'forgetGate', 'outputGate']
  override readonly memory = 'c'
  readonly inputWeight: Parameter // [I, 4·H]
  override readonly recurrentWeight: Parameter // [H, 4·H]
  readonly inputBias: Parameter // [4·H]
  readonly recurrentBias: Parameter // [4·H]

  constructor(config: CellConfig, rng: RandomStream) {
    super()
    const { inputSize, hiddenSize } = parseConfig('LSTMCell', cellConfig, config)
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.stateSizes = [hiddenSize, hiddenSize]
    const weights = cellWeights(4, inputSize, hiddenSize, rng)
    this.inputWeight = weights.inputWeight
    this.recurrentWeight = weights.recurrentWeight
    this.inputBias = weights.inputBias
    this.recurrentBias = weights.recurrentBias
  }

  /** @param x [B, I] */
  override forward(x: tf.Tensor, state: RecurrentState, { recurrentMask }: StepOptions = {}): StepOutput {
    checkStepInputs(this, x, state)
    if (recurrentMask === undefined && !isObserved()) {
      const { state: next } = this.sequence(tf.expandDims(x, 1), state, { reverse: false }) // T = 1
      return { output: next[0]!, state: next }
    }
    const [h, c] = state as [tf.Tensor, tf.Tensor]
    const { inputWeight, recurrentWeight, inputBias, recurrentBias } = weightValues(this)
    const seen = recurrentMask === undefined ? h : tf.mul(h, recurrentMask)
    const next = lstmStep(linear(x, inputWeight, inputBias), seen, c, recurrentWeight, recurrentBias)
    for (const name of ['inputGate', 'forgetGate', 'candidate', 'outputGate', 'c', 'h'] as const) {
      observe(this, name, next[name])
    }
    return { output: next.h, state: [next.h, next.c] }
  }

  /** @param x [B, T, I], or with ids a table [V, I] */
  override sequence(x: tf.Tensor, state: RecurrentState, { lengths, reverse, ids }: SequenceOptions): SequenceOutput {
    checkSequenceInputs(this, x, state, ids)
    const [h0, c0] = state as [tf.Tensor, tf.Tensor]
    const inputs = { x, h0, ...weightValues(this), ...(lengths && { lengths }), ...(ids && { ids }), c0 }
    const [outputs, h, c] = fusedOp('HeddleLstmSequence', inputs, { reverse }, lstmSequence)
    return { outputs, state: [h, c] }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchCell> {
    const { lstmCell } = await import('../pytorch/cells.ts')
    return lstmCell(this, source)
  }
}

/**
 * One step, from the product of its input.
 *
 * @param fromInput [B, 4·H]
 */
function lstmStep(
  fromInput: tf.Tensor,
  h: tf.Tensor,
  c: tf.Tensor,
  recurrentWeight: tf.Tensor,
  recurrentBias: tf.Tensor,
) {
  const gates = tf.add(fromInput, linear(h, recurrentWeight, recurrentBias)) // [B, 4·H]
  const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] // each [B, H]
  const inputGate = tf.sigmoid(i)
  const forgetGate = tf.sigmoid(f)
  const candidate = tf.tanh(g)
  const outputGate = tf.sigmoid(o)
  const cNext = tf.add(tf.mul(forgetGate, c), tf.mul(inputGate, candidate))
  return { inputGate, forgetGate, candidate, outputGate, c: cNext, h: tf.mul(outputGate, tf.tanh(cNext)) }
}

/** Reference of the fused op: one step after the other. */
function lstmSequence(
  {
    h0,
    c0,
    inputWeight,
    recurrentWeight,
    inputBias,
    recurrentBias,
    lengths,
    ...input
  }: SequenceInputs & { c0: tf.Tensor },
  { reverse }: { reverse: boolean },
): [outputs: tf.Tensor, h: tf.Tensor, c: tf.Tensor] {
  const fromInput = linear(withoutPadding(stepInputs(input), lengths), inputWeight, inputBias) // [B, T, 4·H]
  const { outputs, state } = runSteps(
    fromInput,
    [h0, c0],
    { reverse, ...(lengths && { lengths }) },
    (gates, [h, c]) => {
      const next = lstmStep(gates, h!, c!, recurrentWeight, recurrentBias)
      return { output: next.h, state: [next.h, next.c] }
    },
  )
  return [outputs, state[0]!, state[1]!]
}
