import type { MemoryAttention, PreparedMemory } from '@heddle/attention'
import { parseConfig, type RandomStream } from '@heddle/core'
import { fusedOp, linear, observe } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { additiveGruDecoder } from './additive-gru-decoder.ts'
import type { AttendedOutput, RecurrentState, SequenceOutput, StepOptions, StepOutput } from './cell.ts'
import { type CellConfig, cellConfig, type SequenceInputs, stepInputs } from './cell-weights.ts'
import { gruStep } from './gru-step.ts'
import { runSteps, withoutPadding } from './run-steps.ts'
import { WeightedCell } from './weighted-cell.ts'

// B batch, T time, I input size, H hidden size, V rows of a table

/**
 * Gated recurrent unit.
 *
 *     rx, zx, nx = x·inputWeight + inputBias          rh, zh, nh = h·recurrentWeight + recurrentBias
 *     r = σ(rx + rh)    z = σ(zx + zh)    n = tanh(nx + r ⊙ nh)
 *     h' = (1 - z) ⊙ n + z ⊙ h
 *
 * State: [h], [B, H]. As in PyTorch the reset gate acts after the product with the recurrent weights, where the paper has it
 * before, and z weighs the old state.
 *
 * @see Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder for statistical machine translation"
 */
export class GRUCell extends WeightedCell {
  constructor(config: CellConfig, rng: RandomStream) {
    super({ ...parseConfig('GRUCell', cellConfig, config), gates: 3, states: 1 }, rng)
  }

  protected override step(x: tf.Tensor, state: RecurrentState, { recurrentMask }: StepOptions): StepOutput {
    const fromInput = linear(x, this.inputWeight.value, this.inputBias.value)
    const next = gruStep(fromInput, state[0]!, this.recurrentWeight.value, this.recurrentBias.value, recurrentMask)
    for (const name of ['resetGate', 'updateGate', 'candidate', 'h'] as const) observe(this, name, next[name])
    return { output: next.h, state: [next.h] }
  }

  protected override fused(inputs: SequenceInputs, _: RecurrentState, reverse: boolean): SequenceOutput {
    const [outputs, h] = fusedOp('HeddleGruSequence', inputs, { reverse }, gruSequence)
    return { outputs, state: [h] }
  }

  /** @param x [B, T, E] */
  override attendedSequence(
    x: tf.Tensor,
    state: RecurrentState,
    attention: MemoryAttention,
    { memory, keys, bias }: PreparedMemory,
  ): AttendedOutput | undefined {
    const additive = attention.additiveScore
    if (additive === undefined) return undefined
    const [outputs, contexts, weights] = additiveGruDecoder({
      x,
      h0: state[0]!,
      memory,
      keys,
      ...(bias && { bias }),
      ...additive,
      inputWeight: this.inputWeight.value,
      recurrentWeight: this.recurrentWeight.value,
      inputBias: this.inputBias.value,
      recurrentBias: this.recurrentBias.value,
    })
    const T = x.shape[1]!
    return { outputs, contexts, weights, state: [tf.squeeze(tf.slice(outputs, [0, T - 1, 0], [-1, 1, -1]), [1])] }
  }
}

/** The reference of the fused op: one step after the other. */
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
