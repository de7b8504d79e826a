// The nearest orthogonal matrix, roughly: X ← X·P(XᵀX) with P = a·I + b·G + c·G², which brings the singular values near 1.
//
// A matrix lies in scratch memory both upright (long side down) and flat, each with rows that start at odd multiples of a cache
// line, so that no product has to pack its operands: C = A·B reads Aᵀ and B row by row. All square matrices here are polynomials
// of the first G, symmetric and interchangeable; so they are their own transposes, and half of each product is enough.
//
// Where one side is at least twice the other, only the square matrices are iterated, Q ← P·Q and G ← P·G·P, and X·Q comes last.
//
// Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"

import { transposeLanes4 } from '../gemm/pack'
import { pitchedTile, PITCHED_ROWS, tileColumns } from '../gemm/tile'
import { madd } from '../math/simd'

// @ts-ignore: decorator
@inline const A: f32 = 3.4445
// @ts-ignore: decorator
@inline const B: f32 = -4.775
// @ts-ignore: decorator
@inline const C: f32 = 2.0315
/** Sides are filled up with zeros to multiples of this, the widest tile. */
// @ts-ignore: decorator
@inline const ALIGN: i32 = 16
/** Rows of a block of K, so that what the tiles of a panel read fits the first-level cache. */
// @ts-ignore: decorator
@inline const BLOCK: i32 = 256

/** A side with its zeros. */
// @ts-ignore: decorator
@inline
export function paddedSide(side: i32): i32 {
  return (side + ALIGN - 1) & ~(ALIGN - 1)
}

/** Bytes from row to row of a matrix, by the number of floats in a row: an odd number of cache lines. */
// @ts-ignore: decorator
@inline
export function pitchOf(side: i32): usize {
  return <usize>((paddedSide(side) / ALIGN) | 1) * (<usize>ALIGN << 2)
}

/** Bytes of a matrix in scratch memory, upright or flat. */
export function matrixBytes(rows: i32, columns: i32): usize {
  const long = max(rows, columns)
  const small = min(rows, columns)
  return max(<usize>paddedSide(long) * pitchOf(small), <usize>paddedSide(small) * pitchOf(long))
}

/** Bytes that `orthogonalize` needs for the square matrices. */
export function squareBytes(rows: i32, columns: i32): usize {
  const small = min(rows, columns)
  return 5 * <usize>paddedSide(small) * pitchOf(small)
}

/**
 * Makes a matrix of norm 1 orthogonal.
 *
 * @param upright [long, small], with zeros up to the padded sides
 * @param flat its transpose, likewise
 * @param isTall whether the result is wanted upright; it is written over `upright` in any case
 */
export function orthogonalize(
  long: i32,
  small: i32,
  steps: i32,
  upright: usize,
  flat: usize,
  squares: usize,
  isTall: bool,
): void {
  const size = paddedSide(small)
  const length = paddedSide(long)
  const pitch = pitchOf(small)
  const flatPitch = pitchOf(long)
  const bytes = <usize>size * pitch
  let gram = squares
  let polynomial = gram + bytes
  let total = polynomial + bytes
  let next = total + bytes
  let spare = next + bytes
  if (long >= 2 * small) {
    square(size, length, upright, upright, gram, pitch)
    mirror(size, gram, pitch)
    for (let i = 0; i < steps; i++) {
      makePolynomial(small, size, gram, polynomial, pitch)
      const isLast = i == steps - 1
      if (!isLast) {
        symmetricProduct(size, polynomial, gram, spare, pitch)
        symmetricProduct(size, spare, polynomial, gram, pitch)
      }
      if (i == 0) {
        const first = total
        total = polynomial
        polynomial = first
      } else {
        symmetricProduct(size, polynomial, total, next, pitch)
        const before = total
        total = next
        next = before
      }
    }
    finish(length, size, total, pitch, upright, flat, flatPitch, isTall)
  } else {
    for (let i = 0; i < steps; i++) {
      square(size, length, upright, upright, gram, pitch)
      mirror(size, gram, pitch)
      makePolynomial(small, size, gram, polynomial, pitch)
      const isLast = i == steps - 1
      finish(length, size, polynomial, pitch, upright, flat, flatPitch, isTall || !isLast)
      if (!isLast) transpose(length, size, upright, pitch, flat, flatPitch)
    }
  }
}

/** upright = X·P where it is wanted upright, else (X·P)ᵀ = P·Xᵀ, flat in the same memory. */
function finish(
  length: i32,
  size: i32,
  factor: usize,
  pitch: usize,
  upright: usize,
  flat: usize,
  flatPitch: usize,
  isUpright: bool,
): void {
  if (isUpright) product(length, size, size, flat, flatPitch, factor, pitch, upright, pitch, false)
  else product(size, length, size, factor, pitch, flat, flatPitch, upright, flatPitch, false)
}

/** [rows, columns] to [columns, rows]; sides are multiples of four. */
export function transpose(rows: i32, columns: i32, from: usize, fromPitch: usize, to: usize, toPitch: usize): void {
  for (let i = 0; i < rows; i += 4) {
    transposeLanes4(to + (<usize>i << 2), toPitch, columns, from + <usize>i * fromPitch, fromPitch)
  }
}

/** to = a·I + b·G + c·G² */
function makePolynomial(small: i32, size: i32, gram: usize, to: usize, pitch: usize): void {
  square(size, size, gram, gram, to, pitch)
  const b = f32x4.splat(B)
  const c = f32x4.splat(C)
  for (let i = 0; i < size; i++) {
    const row = to + <usize>i * pitch
    const gramRow = gram + <usize>i * pitch
    const end = <usize>((i & ~3) + 4) << 2
    for (let j: usize = 0; j < end; j += 16) {
      v128.store(row + j, madd(v128.load(row + j), c, f32x4.mul(v128.load(gramRow + j), b)))
    }
    const diagonal = row + (<usize>i << 2)
    if (i < small) f32.store(diagonal, f32.load(diagonal) + A)
  }
  mirror(size, to, pitch)
}

function symmetricProduct(size: i32, left: usize, right: usize, to: usize, pitch: usize): void {
  square(size, size, left, right, to, pitch)
  mirror(size, to, pitch)
}

/** The lower half of Aᵀ·B, where the product is symmetric. */
function square(size: i32, k: i32, a: usize, b: usize, c: usize, pitch: usize): void {
  product(size, size, k, a, pitch, b, pitch, c, pitch, true)
}

/**
 * The lower half becomes the upper one too, also inside the squares on the diagonal: what rounding makes unlike on both sides would
 * otherwise grow with each iteration, since the products take a matrix for its own transpose.
 */
function mirror(size: i32, matrix: usize, pitch: usize): void {
  for (let i = 0; i < size; i += 4) {
    const corner = matrix + <usize>i * pitch + (<usize>i << 2)
    for (let r = 1; r < 4; r++) {
      for (let c = 0; c < r; c++) {
        f32.store(corner + <usize>c * pitch + (<usize>r << 2), f32.load(corner + <usize>r * pitch + (<usize>c << 2)))
      }
    }
  }
  for (let i = 4; i < size; i += 4) {
    transposeLanes4(matrix + (<usize>i << 2), pitch, i, matrix + <usize>i * pitch, pitch)
  }
}

/** C[m, n] = A B from Aᵀ[k, m] and B[k, n]; of a symmetric product the tiles on and below the diagonal only. */
function product(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  c: usize,
  ldc: usize,
  isSymmetric: bool,
): void {
  for (let j = 0; j < n; j += tileColumns) {
    const column = <usize>j << 2
    for (let p = 0; p < k; p += BLOCK) {
      const count = min(BLOCK, k - p)
      const right = b + <usize>p * ldb + column
      const left = a + <usize>p * lda
      for (let i = isSymmetric ? j : 0; i < m; i += PITCHED_ROWS) {
        const to = c + <usize>i * ldc + column
        pitchedTile(count, left + (<usize>i << 2), lda, right, ldb, p == 0 ? 0 : to, to, ldc)
      }
    }
  }
}
