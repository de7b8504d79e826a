import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

// H hidden size

/** Number of times that W is squared: the radius comes from its 2^10th power. */
const SQUARINGS = 10

/**
 * The largest absolute value of an eigenvalue, complex ones included: ‖W^k‖^(1/k) for k = 1024.
 *
 * Unlike the power iteration, it converges where the largest eigenvalues are a complex pair, as in most random matrices. The
 * relative error is about (log κ)/1024.
 *
 * @param weight [H, H]
 * @see Gelfand 1941, "Normierte Ringe"
 */
export async function spectralRadius(weight: tf.Tensor): Promise<number> {
  const [H] = weight.shape
  if (weight.rank !== 2 || weight.shape[1] !== H) {
    throw new HeddleError('shape', `spectralRadius: expected a square matrix, got [${weight.shape}].`)
  }
  let power: tf.Tensor = weight.clone()
  // Logarithm of the norm that was divided out of the current power.
  let logNorm = 0
  try {
    for (let k = 0; k <= SQUARINGS; k++) {
      if (k > 0) {
        const squared = tf.matMul(power, power)
        power.dispose()
        power = squared
        logNorm *= 2
      }
      const norm = (await read(tf.tidy(() => tf.norm(power))))[0]!
      if (norm === 0) return 0
      logNorm += Math.log(norm)
      const scaled = tf.tidy(() => tf.div(power, norm))
      power.dispose()
      power = scaled
    }
  } finally {
    power.dispose()
  }
  return Math.exp(logNorm / 2 ** SQUARINGS)
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array
  tensor.dispose()
  return values
}
