import type { MemoryAttention, PreparedMemory } from '@heddle/attention'
import { parseConfig, type RandomStream } from '@heddle/core'
import { fusedOp, isObserved, linear, observe, type Parameter, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { PyTorchCell } from '../pytorch/cells.ts'
import {
  type AttendedOutput,
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
// with attention: S steps of the source, E size of x, M memory size, A attention size

/**
 * Gated recurrent unit.
 *
 *     rx, zx, nx = x·inputWeight + inputBias          rh, zh, nh = h·recurrentWeight + recurrentBias
 *     r = σ(rx + rh)    z = σ(zx + zh)    n = tanh(nx + r ⊙ nh)
 *     h' = (1 - z) ⊙ n + z ⊙ h
 *
 * State: [h], [B, H]. As in PyTorch the reset gate acts after the product with the recurrent weights (before it in the paper), and
 * z weighs the old state.
 *
 * @see Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder for statistical machine translation"
 */
export class GRUCell extends RecurrentCell {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly stateSizes: readonly number[]
  override readonly maskable = true
  override readonly tableReading = true
  override readonly gates = ['resetGate', 'updateGate']
  readonly inputWeight: Parameter // [I, 3·H]
  override readonly recurrentWeight: Parameter // [H, 3·H]
  readonly inputBias: Parameter // [3·H]
  readonly recurrentBias: Parameter // [3·H]

  constructor(config: CellConfig, rng: RandomStream) {
    super()
    const { inputSize, hiddenSize } = parseConfig('GRUCell', cellConfig, config)
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.stateSizes = [hiddenSize]
    const weights = cellWeights(3, inputSize, hiddenSize, rng)
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
    const { inputWeight, recurrentWeight, inputBias, recurrentBias } = weightValues(this)
    const next = gruStep(linear(x, inputWeight, inputBias), state[0]!, recurrentWeight, recurrentBias, recurrentMask)
    for (const name of ['resetGate', 'updateGate', 'candidate', 'h'] as const) observe(this, name, next[name])
    return { output: next.h, state: [next.h] }
  }

  /** @param x [B, T, I], or with ids a table [V, I] */
  override sequence(x: tf.Tensor, state: RecurrentState, { lengths, reverse, ids }: SequenceOptions): SequenceOutput {
    checkSequenceInputs(this, x, state, ids)
    const inputs = { x, h0: state[0]!, ...weightValues(this), ...(lengths && { lengths }), ...(ids && { ids }) }
    const [outputs, h] = fusedOp('HeddleGruSequence', inputs, { reverse }, gruSequence)
    return { outputs, state: [h] }
  }

  /** @param x [B, T, E] */
  override attendedSequence(
    x: tf.Tensor,
    [h0]: RecurrentState,
    attention: MemoryAttention,
    { memory, keys, bias }: PreparedMemory,
  ): AttendedOutput | undefined {
    const score = attention.additiveScore?.()
    if (score === undefined) return undefined
    const inputs = { x, h0: h0!, memory, keys, ...(bias && { bias }), ...score, ...weightValues(this) }
    const [outputs, contexts, weights] = additiveGruDecoder(inputs)
    const T = x.shape[1]!
    return { outputs, contexts, weights, state: [tf.squeeze(tf.slice(outputs, [0, T - 1, 0], [-1, 1, -1]), [1])] }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchCell> {
    const { gruCell } = await import('../pytorch/cells.ts')
    return gruCell(this, source)
  }
}

/**
 * One step, from the product of its input.
 *
 * @param fromInput [B, 3·H]
 */
function gruStep(
  fromInput: tf.Tensor,
  h: tf.Tensor,
  recurrentWeight: tf.Tensor,
  recurrentBias: tf.Tensor,
  recurrentMask?: tf.Tensor,
) {
  const seen = recurrentMask === undefined ? h : tf.mul(h, recurrentMask)
  const fromState = linear(seen, recurrentWeight, recurrentBias) // [B, 3·H]
  const [rx, zx, nx] = tf.split(fromInput, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor] // each [B, H]
  const [rh, zh, nh] = tf.split(fromState, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor]
  const resetGate = tf.sigmoid(tf.add(rx, rh))
  const updateGate = tf.sigmoid(tf.add(zx, zh))
  const candidate = tf.tanh(tf.add(nx, tf.mul(resetGate, nh)))
  // (1 - z) ⊙ n + z ⊙ h with one product less.
  return { resetGate, updateGate, candidate, h: tf.add(candidate, tf.mul(updateGate, tf.sub(h, candidate))) }
}

/** Reference of the fused op: one step after the other. */
function gruSequence(
  { h0, inputWeight, recurrentWeight, inputBias, recurrentBias, lengths, ...input }: SequenceInputs,
  { reverse }: { reverse: boolean },
): [outputs: tf.Tensor, h: tf.Tensor] {
  const fromInput = linear(withoutPadding(stepInputs(input), lengths), inputWeight, inputBias) // [B, T, 3·H]
  const { outputs, state } = runSteps(fromInput, [h0], { reverse, ...(lengths && { lengths }) }, (gates, [h]) => {
    const next = gruStep(gates, h!, recurrentWeight, recurrentBias)
    return { output: next.h, state: [next.h] }
  })
  return [outputs, state[0]!]
}

export type AdditiveGruDecoderInputs = {
  readonly x: tf.Tensor // [B, T, E]
  readonly h0: tf.Tensor // [B, H]
  readonly memory: tf.Tensor // [B, S, M]
  readonly keys: tf.Tensor // [B, S, A]
  readonly bias?: tf.Tensor // [B, S], added to the scores
  readonly queryWeight: tf.Tensor // [H, A]
  readonly scoreWeight: tf.Tensor // [A, 1]
  readonly inputWeight: tf.Tensor // [E + M, 3·H]
  readonly recurrentWeight: tf.Tensor // [H, 3·H]
  readonly inputBias: tf.Tensor // [3·H]
  readonly recurrentBias: tf.Tensor // [3·H]
}

/**
 * All steps of a one-layer GRU with additive attention before each step:
 *
 *     weights_t = softmax(scoreWeight·tanh(queryWeight·h_{t-1} + keys) + bias)
 *     context_t = weights_t·memory
 *     h_t = GRU([x_t, context_t], h_{t-1})
 *
 * @returns h [B, T, H], contexts [B, T, M], weights [B, T, S]
 */
export function additiveGruDecoder(inputs: AdditiveGruDecoderInputs): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return fusedOp('HeddleAdditiveGruDecoder', inputs, {}, additiveGruDecoderReference)
}

/** Reference of the fused op: one step after the other. */
function additiveGruDecoderReference({
  x,
  h0,
  memory,
  keys,
  bias,
  queryWeight,
  scoreWeight,
  inputWeight,
  recurrentWeight,
  inputBias,
  recurrentBias,
}: AdditiveGruDecoderInputs): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const E = x.shape[2]!
  const [B, S, M] = memory.shape as [number, number, number]
  // The product with x does not depend on the state: one for all steps.
  const [xWeight, contextWeight] = tf.split(inputWeight, [E, M], 0) as [tf.Tensor, tf.Tensor]
  const fromX = tf.unstack(linear(x, xWeight, inputBias), 1) // T of [B, 3·H]
  let h = h0
  const steps = fromX.map((gates) => {
    const query = tf.expandDims(linear(h, queryWeight), 1) // [B, 1, A]
    const raw = tf.reshape(linear(tf.tanh(tf.add(query, keys)), scoreWeight), [B, S])
    const weights = tf.softmax(bias === undefined ? raw : tf.add(raw, bias)) // [B, S]
    const context = tf.reshape(tf.matMul(tf.expandDims(weights, 1), memory), [B, M])
    h = gruStep(tf.add(gates, linear(context, contextWeight)), h, recurrentWeight, recurrentBias).h
    return { h, context, weights }
  })
  const joined = (tensors: tf.Tensor[]) => tf.stack(tensors, 1)
  return [
    joined(steps.map((step) => step.h)),
    joined(steps.map((step) => step.context)),
    joined(steps.map((step) => step.weights)),
  ]
}
