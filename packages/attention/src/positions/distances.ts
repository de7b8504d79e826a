import * as tf from '@tensorflow/tfjs-core'

// N heads, T queries, S keys; the queries are the last T of S positions

/**
 * Numbers by distance as numbers for each query and key.
 *
 * @param distances [N, T + S - 1]: number T - 1 + s - t is that of query t and key s
 * @returns [1, N, T, S]
 */
export function spreadDistances(distances: tf.Tensor, T: number, S: number): tf.Tensor {
  const N = distances.shape[0]!
  if (T === 1) return tf.reshape(distances, [1, N, 1, S])
  const indices = new Int32Array(T * S)
  for (let t = 0; t < T; t++) for (let s = 0; s < S; s++) indices[t * S + s] = T - 1 + s - t
  return tf.reshape(tf.gather(distances, tf.tensor(indices, [T * S], 'int32'), 1), [1, N, T, S])
}
