import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, D hidden size, V vocabulary

/**
 * Logits from the table of token vectors: h·tableᵀ + bias.
 *
 * @param h [B, T, D]
 * @param table [V, D]
 * @param bias [V], zero when missing
 * @returns [B, T, V]
 * @see Press & Wolf 2017, "Using the output embedding to improve language models"
 */
export function tiedLogits(h: tf.Tensor, table: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const [V, D] = table.shape as [number, number]
  const flat = tf.reshape(h, [-1, D]) as tf.Tensor2D
  const logits = tf.fused.matMul({ a: flat, b: table as tf.Tensor2D, transposeB: true, ...(bias && { bias }) })
  return tf.reshape(logits, [...h.shape.slice(0, -1), V])
}
