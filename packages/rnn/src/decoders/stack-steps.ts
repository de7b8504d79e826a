import * as tf from '@tensorflow/tfjs-core'

// B batch, T steps

/**
 * Runs one step after the other and stacks each of their outputs on a time axis.
 *
 * @param inputs of each step, T of [B, …]
 * @param step gives its outputs by name, each [B, …], and the state that the next step starts from
 * @returns the outputs by name, each [B, T, …], and the last state
 */
export function stackSteps<S, O extends Readonly<Record<string, tf.Tensor>>>(
  inputs: readonly tf.Tensor[],
  state: S,
  step: (input: tf.Tensor, state: S) => { readonly outputs: O; readonly state: S },
): { readonly outputs: O; readonly state: S } {
  const steps: O[] = []
  for (const input of inputs) {
    const next = step(input, state)
    steps.push(next.outputs)
    state = next.state
  }
  const stacked = Object.keys(steps[0]!).map((name) => [
    name,
    tf.stack(
      steps.map((outputs) => outputs[name]!),
      1,
    ),
  ])
  return { outputs: Object.fromEntries(stacked) as O, state }
}
