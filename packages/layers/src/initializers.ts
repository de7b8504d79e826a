import { HeddleError, type RandomStream } from '@heddle/core'

/** Draws the initial values of a parameter, row-major. The shape of weights is [in, out], of convolutions [..., in, out]. */
export type Initializer = (shape: readonly number[], rng: RandomStream) => Float32Array

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1)

function fill(shape: readonly number[], draw: () => number): Float32Array {
  const values = new Float32Array(sizeOf(shape))
  for (let i = 0; i < values.length; i++) values[i] = draw()
  return values
}

/** Number of inputs of an output (fanIn) and number of outputs of an input (fanOut). */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2)
    throw new HeddleError(
      'shape',
      `fans: expected a shape of at least two axes, got [${shape}]. Use another initializer for vectors.`,
    )
  const receptive = sizeOf(shape.slice(0, -2))
  return { fanIn: shape.at(-2)! * receptive, fanOut: shape.at(-1)! * receptive }
}

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value)
export const zeros: Initializer = constant(0)
export const ones: Initializer = constant(1)

/** Uniform in [low, high). */
export const uniform =
  (low: number, high: number): Initializer =>
  (shape, rng) =>
    fill(shape, () => low + (high - low) * rng.uniform())

export const normal =
  (standardDeviation = 1, mean = 0): Initializer =>
  (shape, rng) =>
    fill(shape, () => rng.normal(mean, standardDeviation))

/** Normal, drawn again where a value is more than `cut` standard deviations from the mean (BERT: 0.02, cut 2). */
export const truncatedNormal =
  (standardDeviation = 0.02, mean = 0, cut = 2): Initializer =>
  (shape, rng) =>
    fill(shape, () => {
      let z = rng.normal()
      while (Math.abs(z) > cut) z = rng.normal()
      return mean + standardDeviation * z
    })

/** U(-a, a) with a = gain·sqrt(6 / (fanIn + fanOut)). @see Glorot & Bengio 2010 */
export const xavierUniform =
  (gain = 1): Initializer =>
  (shape, rng) => {
    const { fanIn, fanOut } = fans(shape)
    const a = gain * Math.sqrt(6 / (fanIn + fanOut))
    return uniform(-a, a)(shape, rng)
  }

/** N(0, gain²·2 / (fanIn + fanOut)). @see Glorot & Bengio 2010 */
export const xavierNormal =
  (gain = 1): Initializer =>
  (shape, rng) => {
    const { fanIn, fanOut } = fans(shape)
    return normal(gain * Math.sqrt(2 / (fanIn + fanOut)))(shape, rng)
  }

/** U(-a, a) with a = gain·sqrt(3 / fanIn); the default gain sqrt(2) is for ReLU. @see He et al. 2015 */
export const kaimingUniform =
  (gain = Math.SQRT2): Initializer =>
  (shape, rng) => {
    const a = gain * Math.sqrt(3 / fans(shape).fanIn)
    return uniform(-a, a)(shape, rng)
  }

/** N(0, gain² / fanIn); the default gain sqrt(2) is for ReLU. @see He et al. 2015 */
export const kaimingNormal =
  (gain = Math.SQRT2): Initializer =>
  (shape, rng) =>
    normal(gain / Math.sqrt(fans(shape).fanIn))(shape, rng)

/**
 * Matrix with orthonormal rows or columns (whichever are fewer), times `gain`: Gram-Schmidt on normal draws. The axes before the
 * last count as rows.
 *
 * @see Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
 */
export const orthogonal =
  (gain = 1): Initializer =>
  (shape, rng) => {
    const columns = shape.at(-1) ?? 1
    const rows = sizeOf(shape) / Math.max(columns, 1)
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows]
    const basis: Float64Array[] = []
    while (basis.length < count) {
      const vector = Float64Array.from({ length }, () => rng.normal())
      // Twice is enough to be orthonormal to rounding error.
      for (let pass = 0; pass < 2; pass++) {
        for (const other of basis) {
          const overlap = vector.reduce((sum, v, i) => sum + v * other[i]!, 0)
          for (let i = 0; i < length; i++) vector[i]! -= overlap * other[i]!
        }
      }
      const norm = Math.hypot(...vector)
      if (norm > 1e-6) basis.push(vector.map((v) => v / norm))
    }
    const values = new Float32Array(rows * columns)
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < length; j++) values[rows < columns ? i * columns + j : j * columns + i] = gain * basis[i]![j]!
    }
    return values
  }
