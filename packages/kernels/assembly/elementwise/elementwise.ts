// Element-wise operations with broadcasting, in parts that threads share.

import { BINARY_PART, SELECT_PART, UNARY_PART } from '../generated/job-ids'
import { at } from '../memory/address'
import { compareBoth, compareLeft, compareRight, logicalBoth, logicalLeft, logicalRight } from '../generated/comparisons'
import { binaryBoth, binaryLeft, binaryRight, unary } from '../generated/elementwise'
import { loadLanes, storeLanes } from '../memory/lanes'
import { select } from '../math/simd'
import { parallelFor } from '../threads/threads'

// Elements of a part: enough work to be worth a thread's while, little enough to stay in its cache.
// @ts-ignore: decorator
@inline const PART: i32 = 16384

@unmanaged
export class UnaryArguments {
  operation: i32
  x: usize
  y: usize
  size: i32
  alpha: f32 = 0
}

/** @entry y = f(x) for all elements. */
export function unaryOperation(p: UnaryArguments): void {
  parallelFor(UNARY_PART, changetype<usize>(p), p.size, PART)
}

/** @job */
export function unaryPart(p: UnaryArguments, begin: i32, end: i32): void {
  unary(p.operation, at(p.x, begin), at(p.y, begin), end - begin, p.alpha)
}

// Dimensions of a loop over two operands: the lengths of the lists in BinaryArguments.
// @ts-ignore: decorator
@inline const RANK: i32 = 6

/**
 * y[d0, …, d5] = f(a, b): every operand has its own strides in elements, 0 where it is broadcast. In the innermost dimension
 * a stride is 0 or 1. `rows` is the product of all sizes but the last.
 */
@unmanaged
export class BinaryArguments {
  /** The number of the operation within its kind, plus the number of the kind. */
  operation: i32
  a: usize
  b: usize
  y: usize
  rows: i32
  length: i32
  /** Strides of the innermost dimension. */
  aStep: i32
  bStep: i32
  size0: i32 = 0
  size1: i32 = 0
  size2: i32 = 0
  size3: i32 = 0
  size4: i32 = 0
  size5: i32 = 0
  aStride0: i32 = 0
  aStride1: i32 = 0
  aStride2: i32 = 0
  aStride3: i32 = 0
  aStride4: i32 = 0
  aStride5: i32 = 0
  bStride0: i32 = 0
  bStride1: i32 = 0
  bStride2: i32 = 0
  bStride3: i32 = 0
  bStride4: i32 = 0
  bStride5: i32 = 0
}

/** Numbers from which on the operations are of another kind. */
export const enum BinaryKind {
  /** Of floats or integers, to bytes. */
  COMPARISON = 100,
  /** Of bytes, to bytes. */
  LOGICAL = 200,
}

// @ts-ignore: decorator
@inline
function sizeAt(p: BinaryArguments, dimension: i32): i32 {
  return i32.load(at(changetype<usize>(p) + offsetof<BinaryArguments>('size0'), dimension))
}

// @ts-ignore: decorator
@inline
function aStrideAt(p: BinaryArguments, dimension: i32): i32 {
  return i32.load(at(changetype<usize>(p) + offsetof<BinaryArguments>('aStride0'), dimension))
}

// @ts-ignore: decorator
@inline
function bStrideAt(p: BinaryArguments, dimension: i32): i32 {
  return i32.load(at(changetype<usize>(p) + offsetof<BinaryArguments>('bStride0'), dimension))
}

/** @entry */
export function binaryOperation(p: BinaryArguments): void {
  if (p.rows == 1) parallelFor(BINARY_PART, changetype<usize>(p), p.length, PART)
  else parallelFor(BINARY_PART, changetype<usize>(p), p.rows, max(1, PART / max(1, p.length)))
}

/** @job Elements `begin` to `end` of a single row, or rows `begin` to `end`. */
export function binaryPart(p: BinaryArguments, begin: i32, end: i32): void {
  // Bytes of an element, as shifts.
  const from: usize = p.operation >= BinaryKind.LOGICAL ? 0 : 2
  const to: usize = p.operation >= BinaryKind.COMPARISON ? 0 : 2
  if (p.rows == 1) {
    const a = p.a + (<usize>(begin * p.aStep) << from)
    row(p, a, p.b + (<usize>(begin * p.bStep) << from), p.y + (<usize>begin << to), end - begin)
    return
  }
  for (let r = begin; r < end; r++) {
    let rest = r
    let a = p.a
    let b = p.b
    for (let dimension = RANK - 2; dimension >= 0 && rest > 0; dimension--) {
      const size = sizeAt(p, dimension)
      const next = rest / size
      const index = rest - next * size
      a += <usize>(index * aStrideAt(p, dimension)) << from
      b += <usize>(index * bStrideAt(p, dimension)) << from
      rest = next
    }
    row(p, a, b, p.y + (<usize>(r * p.length) << to), p.length)
  }
}

// @ts-ignore: decorator
@inline
function row(p: BinaryArguments, a: usize, b: usize, y: usize, n: i32): void {
  if (p.operation >= BinaryKind.LOGICAL) logicalRow(p, a, b, y, n)
  else if (p.operation >= BinaryKind.COMPARISON) comparisonRow(p, a, b, y, n)
  else if (p.aStep == 0) binaryLeft(p.operation, a, b, y, n)
  else if (p.bStep == 0) binaryRight(p.operation, a, b, y, n)
  else binaryBoth(p.operation, a, b, y, n)
}

function comparisonRow(p: BinaryArguments, a: usize, b: usize, y: usize, n: i32): void {
  const operation = p.operation - BinaryKind.COMPARISON
  if (p.aStep == 0) compareLeft(operation, a, b, y, n)
  else if (p.bStep == 0) compareRight(operation, a, b, y, n)
  else compareBoth(operation, a, b, y, n)
}

function logicalRow(p: BinaryArguments, a: usize, b: usize, y: usize, n: i32): void {
  const operation = p.operation - BinaryKind.LOGICAL
  if (p.aStep == 0) logicalLeft(operation, a, b, y, n)
  else if (p.bStep == 0) logicalRight(operation, a, b, y, n)
  else logicalBoth(operation, a, b, y, n)
}

@unmanaged
export class SelectArguments {
  condition: usize
  a: usize
  b: usize
  y: usize
  size: i32
}

/** @entry y = condition ? a : b, with one byte of condition an element. */
export function selectOperation(p: SelectArguments): void {
  parallelFor(SELECT_PART, changetype<usize>(p), p.size, PART)
}

/** @job */
export function selectPart(p: SelectArguments, begin: i32, end: i32): void {
  let i = begin
  for (; i + 4 <= end; i += 4) {
    const bytes = v128.load32_zero(p.condition + <usize>i)
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))
    const mask = i32x4.ne(words, i32x4.splat(0))
    v128.store(at(p.y, i), select(v128.load(at(p.a, i)), v128.load(at(p.b, i)), mask))
  }
  for (; i < end; i++) {
    const from = load<u8>(p.condition + <usize>i) ? p.a : p.b
    storeLanes(at(p.y, i), loadLanes(at(from, i), 1), 1)
  }
}
