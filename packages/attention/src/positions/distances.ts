import * as tf from '@tensorflow/tfjs-core'

// N heads, T queries, S keys; the queries are the last T of S positions

/**
 * Numbers by distance as numbers for each query and key.
 *
 * @param distances [N, T + S - 1]: number T - 1 + s - t is that of query t and key s
 * @returns [1, N, T, S]
 */
export function spreadDistances(distances: tf.Tensor, T: number, S: number): tf.Tensor {
  if (T === 1) return tf.reshape(distances, [1, distances.shape[0]!, 1, S])
  const query = tf.expandDims(tf.range(0, T, 1, 'int32'), 1) // [T, 1]
  const key = tf.expandDims(tf.range(T - 1, T - 1 + S, 1, 'int32'), 0) // [1, S]
  return tf.expandDims(tf.gather(distances, tf.cast(tf.sub(key, query), 'int32'), 1), 0)
}
