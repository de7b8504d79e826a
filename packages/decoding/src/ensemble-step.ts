import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import { type StepModel, type StepResult, selectState } from './step-model.ts'

// B rows, V vocabulary

/**
 * Combines several models into one by the mean of their probabilities at each step. The state is the list of their states.
 *
 * Attention is the mean over the models that return any.
 */
export function ensembleStep<S>(models: readonly StepModel<S>[]): StepModel<readonly S[]> {
  if (models.length === 0) throw new HeddleError('config', 'ensembleStep: expected at least one model, got none.')
  const checked = (states: readonly S[]) => {
    if (states.length === models.length) return states
    throw new HeddleError('usage', `ensembleStep: expected ${models.length} states, got ${states.length}.`)
  }
  const canPad = models.every(({ prefillPadded }) => prefillPadded !== undefined)
  const canPrefill = models.every(({ prefill }) => prefill !== undefined)
  return {
    select: (states, rows) => checked(states).map((state, i) => selectState(models[i]!, state, rows)),
    step: (tokens, states) => joined(checked(states).map((state, i) => models[i]!.step(tokens, state))),
    ...(canPrefill && {
      prefill: (ids: tf.Tensor, states: readonly S[]) =>
        joined(checked(states).map((state, i) => models[i]!.prefill!(ids, state))),
    }),
    ...(canPad && {
      prefillPadded: (ids: tf.Tensor, starts: Int32Array, states: readonly S[]) =>
        joined(checked(states).map((state, i) => models[i]!.prefillPadded!(ids, starts, state))),
    }),
  }
}

function joined<S>(results: readonly StepResult<S>[]): StepResult<readonly S[]> {
  // The log of the mean of probabilities, computed from log probabilities so that it cannot underflow.
  const logProbabilities = tf.stack(results.map(({ logits }) => tf.logSoftmax(logits))) // [models, B, V]
  const logits = tf.sub(tf.logSumExp(logProbabilities, 0), Math.log(results.length)) // [B, V]
  const maps = results.flatMap(({ attention }) => (attention === undefined ? [] : [attention]))
  return {
    logits,
    state: results.map(({ state }) => state),
    ...(maps.length > 0 && { attention: tf.div(tf.addN(maps), maps.length) }),
  }
}
