import { paddingMask } from '@heddle/attention'
import { HeddleError } from '@heddle/core'
import { checkWithin } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState, SequenceOptions, SequenceOutput, StepOutput } from './cell.ts'

// B batch, T time, I input size, H hidden size

/**
 * Runs one step after the other over time.
 *
 * Past a row's length the state stays as it is, the output is zero, and no gradient flows. So in reverse every row starts at its
 * last real step, as in PyTorch's packed sequences.
 *
 * @param x [B, T, I]
 * @param step one step, with its input [B, I]
 */
export function runSteps(
  x: tf.Tensor,
  state: RecurrentState,
  { lengths, reverse }: SequenceOptions,
  step: (x: tf.Tensor, state: RecurrentState) => StepOutput,
): SequenceOutput {
  const T = x.shape[1]!
  if (T === 0) throw new HeddleError('shape', `runSteps: expected at least one step in time, got x [${x.shape}].`)
  if (lengths !== undefined) checkWithin('Recurrent', 'lengths', lengths, [0, T])
  const inputs = tf.unstack(x, 1) // T of [B, I]
  const counts = lengths && tf.unstack(tf.expandDims(tf.cast(paddingMask(lengths, T), 'float32'), 2), 1) // T of [B, 1]
  const outputs = new Array<tf.Tensor>(T)
  for (let i = 0; i < T; i++) {
    const t = reverse ? T - 1 - i : i
    const next = step(inputs[t]!, state)
    const count = counts?.[t]
    if (count === undefined) {
      outputs[t] = next.output
      state = next.state
    } else {
      const keep = tf.sub(1, count)
      outputs[t] = tf.mul(next.output, count)
      state = next.state.map((after, j) => tf.add(tf.mul(after, count), tf.mul(state[j]!, keep)))
    }
  }
  return { outputs: tf.stack(outputs, 1), state } // [B, T, H]
}

/**
 * x with zeros past each row's length, so that no value there (not even NaN) reaches a gradient.
 *
 * @param x [B, T, I]
 */
export function withoutPadding(x: tf.Tensor, lengths: tf.Tensor | undefined): tf.Tensor {
  if (lengths === undefined) return x
  const real = tf.expandDims(paddingMask(lengths, x.shape[1]!), 2) // [B, T, 1]
  return tf.where(real, x, tf.zerosLike(x))
}
