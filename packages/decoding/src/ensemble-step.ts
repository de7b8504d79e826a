import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import type { StepModel } from './step-model.ts'

// B rows, V vocabulary

/**
 * Combines several models into one by the mean of their probabilities at each step. The state is the list of their states.
 *
 * Attention is the mean over the models that return any.
 */
export function ensembleStep<S>(models: readonly StepModel<S>[]): StepModel<readonly S[]> {
  if (models.length === 0) throw new HeddleError('config', 'ensembleStep: expected at least one model, got none.')
  return {
    step(tokens, states) {
      if (states.length !== models.length) {
        throw new HeddleError('usage', `ensembleStep: expected ${models.length} states, got ${states.length}.`)
      }
      const results = models.map((model, i) => model.step(tokens, states[i]!))
      // The log of the mean of probabilities, computed from log probabilities so that it cannot underflow.
      const logProbabilities = tf.stack(results.map(({ logits }) => tf.logSoftmax(logits))) // [models, B, V]
      const logits = tf.sub(tf.logSumExp(logProbabilities, 0), Math.log(models.length)) // [B, V]
      const maps = results.flatMap(({ attention }) => (attention === undefined ? [] : [attention]))
      return {
        logits,
        state: results.map(({ state }) => state),
        ...(maps.length > 0 && { attention: tf.div(tf.addN(maps), maps.length) }),
      }
    },
  }
}
