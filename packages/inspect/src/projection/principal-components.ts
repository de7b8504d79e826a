import { atOnce, RandomStream, type Turns } from '@heddle/core'

// N vectors, M size of a vector, k components, B vectors that are followed at once

export interface PrincipalComponents {
  /** Coordinates of each vector, N of [k]. */
  readonly coordinates: readonly (readonly number[])[]
  /** Share of the whole variance along each component, [k], the largest first. */
  readonly explained: readonly number[]
}

/** Directions followed besides the wanted ones: with them the iteration converges fast also where variances are close. */
const SPARE = 6
const MOST_ROUNDS = 500
const TOLERANCE = 1e-10

/**
 * The directions of largest variance, by subspace iteration on the covariance, which is never formed: X is multiplied from both sides.
 *
 *     X = vectors - mean;  coordinates = X·W, with W the eigenvectors of XᵀX of largest eigenvalues
 *
 * The largest element of each direction is positive, so that the signs do not depend on the start.
 *
 * @param vectors N of [M]
 * @see Halko, Martinsson & Tropp 2011, "Finding structure with randomness"
 */
export function principalComponents(vectors: readonly Float32Array[], k = 2): PrincipalComponents {
  return atOnce(principalComponentsInTurns(vectors, k))
}

/** {@link principalComponents} in turns. */
export function* principalComponentsInTurns(vectors: readonly Float32Array[], k = 2): Turns<PrincipalComponents> {
  const M = vectors[0]?.length ?? 0
  const X = centered(vectors)
  const variance = X.reduce((sum, row) => sum + dot(row, row), 0)
  if (variance === 0 || M === 0) {
    return { coordinates: vectors.map(() => new Array<number>(k).fill(0)), explained: new Array<number>(k).fill(0) }
  }
  const rng = new RandomStream(1)
  let basis = orthonormal(
    Array.from({ length: Math.min(M, k + SPARE) }, () => Float64Array.from({ length: M }, () => rng.normal())),
  )
  let before: readonly number[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { vectors: rotated, values } = rayleighRitz(X, basis)
    basis = rotated
    const leading = values.slice(0, k)
    const isSteady = leading.every((value, i) => Math.abs(value - (before[i] ?? 0)) <= TOLERANCE * variance)
    before = leading
    if (isSteady) break
    const next: Float64Array[] = []
    for (const w of basis) {
      next.push(covarianceTimes(X, w))
      yield
    }
    basis = orthonormal(next)
  }
  const directions = Array.from({ length: k }, (_, i) => signed(basis[i] ?? new Float64Array(M)))
  return {
    coordinates: X.map((row) => directions.map((w) => dot(row, w))),
    explained: directions.map((_, i) => Math.max(0, before[i] ?? 0) / variance),
  }
}

function centered(vectors: readonly Float32Array[]): Float64Array[] {
  const mean = new Float64Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) for (const [i, value] of vector.entries()) mean[i]! += value / vectors.length
  return vectors.map((vector) => Float64Array.from(vector, (value, i) => value - mean[i]!))
}

/** XᵀX·w. */
function covarianceTimes(X: readonly Float64Array[], w: Float64Array): Float64Array {
  const out = new Float64Array(w.length)
  for (const row of X) {
    const share = dot(row, w)
    for (let i = 0; i < out.length; i++) out[i]! += share * row[i]!
  }
  return out
}

/** Turns a basis so that XᵀX is diagonal within it; the largest values first. */
function rayleighRitz(X: readonly Float64Array[], basis: readonly Float64Array[]) {
  const projected = X.map((row) => basis.map((w) => dot(row, w))) // [N, B]
  const inner = basis.map((_, i) => basis.map((_, j) => projected.reduce((sum, row) => sum + row[i]! * row[j]!, 0)))
  const { values, vectors } = symmetricEigen(inner)
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!)
  return {
    values: order.map((i) => values[i]!),
    vectors: order.map((i) =>
      Float64Array.from(basis[0]!, (_, m) => basis.reduce((sum, w, j) => sum + vectors[j]![i]! * w[m]!, 0)),
    ),
  }
}

/** Eigenvalues and eigenvectors (columns) of a small symmetric matrix, by Jacobi rotations. */
function symmetricEigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const a = matrix.map((row) => [...row])
  const n = a.length
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 50; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p]![q]!
        off += apq * apq
        if (Math.abs(apq) < 1e-300) continue
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq)
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1))
        const c = 1 / Math.hypot(t, 1)
        rotate(a, v, p, q, c, t * c)
      }
    }
    const scale = a.reduce((sum, row, i) => sum + row[i]! ** 2, 0)
    if (off <= 1e-28 * scale) break
  }
  return { values: a.map((row, i) => row[i]!), vectors: v }
}

/** a ← RᵀaR and v ← vR, with R the rotation of the axes p and q. */
function rotate(a: number[][], v: number[][], p: number, q: number, c: number, s: number): void {
  const turn = (row: number[]) => {
    const [x, y] = [row[p]!, row[q]!]
    row[p] = c * x - s * y
    row[q] = s * x + c * y
  }
  for (const row of a) turn(row)
  for (let j = 0; j < a.length; j++) {
    const [x, y] = [a[p]![j]!, a[q]![j]!]
    a[p]![j] = c * x - s * y
    a[q]![j] = s * x + c * y
  }
  for (const row of v) turn(row)
}

/** Gram–Schmidt, twice for accuracy; directions that depend on earlier ones are left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = []
  for (const vector of vectors) {
    const w = Float64Array.from(vector)
    const length = Math.sqrt(dot(w, w))
    for (let twice = 0; twice < 2; twice++) {
      for (const other of basis) {
        const share = dot(w, other)
        for (let i = 0; i < w.length; i++) w[i]! -= share * other[i]!
      }
    }
    const rest = Math.sqrt(dot(w, w))
    if (rest > 1e-12 * length) basis.push(w.map((value) => value / rest))
  }
  return basis
}

function signed(w: Float64Array): Float64Array {
  const largest = w.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  return largest < 0 ? w.map((value) => -value) : w
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
