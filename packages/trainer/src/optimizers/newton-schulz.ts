import * as tf from '@tensorflow/tfjs-core'

// R rows, C columns

/** Coefficients that bring small singular values near 1 fastest (Jordan 2024). */
const [A, B, C] = [3.4445, -4.775, 2.0315]
const EPSILON = 1e-7

/**
 * Brings the singular values of a matrix near 1 and keeps its singular vectors: X ← a·X + (b·G + c·G²)·X with G = X·Xᵀ, from
 * X / ‖X‖.
 *
 * @param matrix [R, C]
 * @see Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"
 */
export function newtonSchulz(matrix: tf.Tensor2D, steps: number): tf.Tensor2D {
  return tf.tidy(() => {
    const [rows, columns] = matrix.shape
    // The smaller Gram matrix of the two.
    const wide = rows > columns ? tf.transpose(matrix) : matrix
    let X = tf.div(wide, tf.maximum(tf.norm(wide), EPSILON)) as tf.Tensor2D
    for (let i = 0; i < steps; i++) {
      const gram = tf.matMul(X, X, false, true)
      const polynomial = tf.add(tf.mul(gram, B), tf.mul(tf.matMul(gram, gram), C))
      X = tf.add(tf.mul(X, A), tf.matMul(polynomial as tf.Tensor2D, X))
    }
    return rows > columns ? tf.transpose(X) : X
  })
}
