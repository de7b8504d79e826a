import { parseConfig, type RandomStream } from '@heddle/core'
import { fusedOp, linear, observe } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState, SequenceOutput, StepOptions, StepOutput } from './cell.ts'
import { type CellConfig, cellConfig, type SequenceInputs, stepInputs } from './cell-weights.ts'
import { runSteps, withoutPadding } from './run-steps.ts'
import { WeightedCell } from './weighted-cell.ts'

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
export class LSTMCell extends WeightedCell {
  constructor(config: CellConfig, rng: RandomStream) {
    super({ ...parseConfig('LSTMCell', cellConfig, config), gates: 4, states: 2 }, rng)
  }

  protected override step(x: tf.Tensor, state: RecurrentState, { recurrentMask }: StepOptions): StepOutput {
    const [h, c] = state as [tf.Tensor, tf.Tensor]
    const seen = recurrentMask === undefined ? h : tf.mul(h, recurrentMask)
    const fromInput = linear(x, this.inputWeight.value, this.inputBias.value)
    const next = lstmStep(fromInput, seen, c, this.recurrentWeight.value, this.recurrentBias.value)
    for (const name of ['inputGate', 'forgetGate', 'candidate', 'outputGate', 'c', 'h'] as const) {
      observe(this, name, next[name])
    }
    return { output: next.h, state: [next.h, next.c] }
  }

  protected override fused(inputs: SequenceInputs, state: RecurrentState, reverse: boolean): SequenceOutput {
    const [outputs, h, c] = fusedOp('HeddleLstmSequence', { ...inputs, c0: state[1]! }, { reverse }, lstmSequence)
    return { outputs, state: [h, c] }
  }
}

/**
 * One step from the input's share of the gates.
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

/** The reference of the fused op: one step after the other. */
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
