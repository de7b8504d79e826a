import * as tf from '@tensorflow/tfjs-core'

// N matrices, R rows, C columns

/** Coefficients that bring small singular values near 1 fastest (Jordan 2024). */
const [A, B, C] = [3.4445, -4.775, 2.0315]
const EPSILON = 1e-7

/**
 * Brings the singular values of matrices near 1 and keeps their singular vectors: X ← P·X with P = a·I + b·G + c·G² and
 * G = X·Xᵀ, from X / ‖X‖.
 *
 * Where the matrices are at least twice as wide as high (or the reverse), only the small square matrices are iterated:
 * Q ← P·Q and G ← P·G·P, and Q·X at the end. These are the same numbers, since all of them are polynomials of the first G, for
 * about half the multiplications.
 *
 * @param matrices [N, R, C]
 * @see Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"
 */
export function newtonSchulz(matrices: tf.Tensor3D, steps: number): tf.Tensor3D {
  return tf.tidy(() => {
    const [, rows, columns] = matrices.shape
    const turn = (X: tf.Tensor3D) => (rows > columns ? tf.transpose(X, [0, 2, 1]) : X)
    // The smaller Gram matrix of the two.
    const wide = turn(matrices)
    const norms = tf.sqrt(tf.sum(tf.square(wide), [1, 2], true)) // [N, 1, 1]
    const X = tf.div(wide, tf.maximum(norms, EPSILON)) as tf.Tensor3D
    const isLong = Math.max(rows, columns) >= 2 * Math.min(rows, columns)
    return turn(isLong ? iterateGram(X, steps) : iterate(X, steps))
  })
}

function iterate(start: tf.Tensor3D, steps: number): tf.Tensor3D {
  let X = start
  for (let i = 0; i < steps; i++) {
    const gram: tf.Tensor3D = tf.matMul(X, X, false, true)
    X = tf.add(tf.mul(X, A), tf.matMul(polynomial(gram), X)) as tf.Tensor3D
  }
  return X
}

function iterateGram(X: tf.Tensor3D, steps: number): tf.Tensor3D {
  const identity = tf.mul(tf.eye(X.shape[1]), A)
  let G: tf.Tensor3D = tf.matMul(X, X, false, true)
  let Q: tf.Tensor3D | undefined
  for (let i = 0; i < steps; i++) {
    const P = tf.add(polynomial(G), identity) as tf.Tensor3D
    Q = Q === undefined ? P : tf.matMul(P, Q)
    if (i < steps - 1) G = tf.matMul(tf.matMul(P, G), P)
  }
  return tf.matMul(Q!, X)
}

/** b·G + c·G² */
const polynomial = (G: tf.Tensor3D): tf.Tensor3D => tf.add(tf.mul(G, B), tf.mul(tf.matMul(G, G), C)) as tf.Tensor3D
