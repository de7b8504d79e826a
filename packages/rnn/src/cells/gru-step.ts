import { linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, H hidden size

/**
 * One step of a GRU from the input's share of the gates; the equations stand at {@link GRUCell}.
 *
 * @param fromInput [B, 3·H]
 */
export function gruStep(
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
