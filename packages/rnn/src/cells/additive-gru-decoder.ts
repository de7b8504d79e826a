import { fusedOp, linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { gruStep } from './gru-step.ts'

// B batch, T steps of the target, S steps of the source, E size of x, H hidden size, M memory size, A attention size

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
 * The whole time loop of a one-layer GRU decoder with additive attention, for a target that is known:
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
  // The share of x in the gates does not depend on the state: one product for all steps.
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
