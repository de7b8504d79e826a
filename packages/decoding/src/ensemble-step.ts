import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import type { StepModel } from './step-model.ts'

// B rows, V vocabulary

/**
 * Several models as one: at each step the mean of their probabilities. The state is the list of their states.
 *
 * Attention is the mean of that of the models that give any.
 */
export function ensembleStep<S>(models: readonly StepModel<S>[]): StepModel<readonly S[]> {
  if (models.length === 0) throw new HeddleError('config', 'ensembleStep: expected at least one model, got none.')
  return {
    step(tokens, states) {
      if (states.length !== models.length) {
        throw new HeddleError('usage', `ensembleStep: expected ${models.length} states, got ${states.length}.`)
      }
      const results = models.map((model, i) => model.step(tokens, states[i]!))
      // log of the mean of probabilities, from log probabilities without leaving their range
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
