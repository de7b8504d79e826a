// Element-wise operations with broadcasting, in parts that threads share.

import { at } from './address'
import { compareBoth, compareLeft, compareRight, logicalBoth, logicalLeft, logicalRight } from './generated/comparisons'
import { binaryBoth, binaryLeft, binaryRight, unary } from './generated/elementwise'
import { JOB_BINARY, JOB_SELECT, JOB_UNARY } from './job-ids'
import { loadLanes, storeLanes } from './lanes'
import { select } from './simd'
import { parallelFor } from './threads'

// Elements of a part: enough work to be worth a thread's while, little enough to stay in its cache.
// @ts-ignore: decorator
@inline const PART: i32 = 16384

@unmanaged
class UnaryArguments {
  operation: i32
  x: usize
  y: usize
  size: i32
  alpha: f32
}

/** y = f(x) for all elements. */
export function unaryOperation(address: usize): void {
  parallelFor(JOB_UNARY, address, changetype<UnaryArguments>(address).size, PART)
}

export function unaryPart(address: usize, begin: i32, end: i32): void {
  const p = changetype<UnaryArguments>(address)
  unary(p.operation, at(p.x, begin), at(p.y, begin), end - begin, p.alpha)
}

// Dimensions of a loop over two operands.
// @ts-ignore: decorator
@inline const RANK: i32 = 6

/**
 * y[d0, …, d5] = f(a, b): every operand has its own strides in elements, 0 where it is broadcast. In the innermost dimension
 * a stride is 0 or 1. Behind these words stand the six sizes, a's six strides and b's six strides, as
 * src/kernels/elementwise.ts writes them; `rows` is the product of all sizes but the last.
 */
@unmanaged
class BinaryArguments {
  /** Which, of its kind; from LOGICAL or COMPARISON on those that make bytes. */
  operation: i32
  a: usize
  b: usize
  y: usize
  rows: i32
  length: i32
  aStep: i32
  bStep: i32
}

// The numbers are those of src/kernels/elementwise.ts and comparisons.ts.
/** Of floats or integers, to bytes. */
// @ts-ignore: decorator
@inline const COMPARISON: i32 = 100
/** Of bytes, to bytes. */
// @ts-ignore: decorator
@inline const LOGICAL: i32 = 200

// @ts-ignore: decorator
@inline
function sizeAt(address: usize, dimension: i32): i32 {
  return i32.load(at(address + offsetof<BinaryArguments>(), dimension))
}

export function binaryOperation(address: usize): void {
  const p = changetype<BinaryArguments>(address)
  if (p.rows == 1) parallelFor(JOB_BINARY, address, p.length, PART)
  else parallelFor(JOB_BINARY, address, p.rows, max(1, PART / max(1, p.length)))
}

/** Elements `begin` to `end` of a single row, or rows `begin` to `end`. */
export function binaryPart(address: usize, begin: i32, end: i32): void {
  const p = changetype<BinaryArguments>(address)
  // Bytes of an element, as shifts.
  const from: usize = p.operation >= LOGICAL ? 0 : 2
  const to: usize = p.operation >= COMPARISON ? 0 : 2
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
      const size = sizeAt(address, dimension)
      const next = rest / size
      const index = rest - next * size
      a += <usize>(index * sizeAt(address, RANK + dimension)) << from
      b += <usize>(index * sizeAt(address, 2 * RANK + dimension)) << from
      rest = next
    }
    row(p, a, b, p.y + (<usize>(r * p.length) << to), p.length)
  }
}

// @ts-ignore: decorator
@inline
function row(p: BinaryArguments, a: usize, b: usize, y: usize, n: i32): void {
  if (p.operation >= LOGICAL) logicalRow(p, a, b, y, n)
  else if (p.operation >= COMPARISON) comparisonRow(p, a, b, y, n)
  else if (p.aStep == 0) binaryLeft(p.operation, a, b, y, n)
  else if (p.bStep == 0) binaryRight(p.operation, a, b, y, n)
  else binaryBoth(p.operation, a, b, y, n)
}

function comparisonRow(p: BinaryArguments, a: usize, b: usize, y: usize, n: i32): void {
  const operation = p.operation - COMPARISON
  if (p.aStep == 0) compareLeft(operation, a, b, y, n)
  else if (p.bStep == 0) compareRight(operation, a, b, y, n)
  else compareBoth(operation, a, b, y, n)
}

function logicalRow(p: BinaryArguments, a: usize, b: usize, y: usize, n: i32): void {
  const operation = p.operation - LOGICAL
  if (p.aStep == 0) logicalLeft(operation, a, b, y, n)
  else if (p.bStep == 0) logicalRight(operation, a, b, y, n)
  else logicalBoth(operation, a, b, y, n)
}

@unmanaged
class SelectArguments {
  condition: usize
  a: usize
  b: usize
  y: usize
  size: i32
}

/** y = condition ? a : b, with one byte of condition an element. */
export function selectOperation(address: usize): void {
  parallelFor(JOB_SELECT, address, changetype<SelectArguments>(address).size, PART)
}

export function selectPart(address: usize, begin: i32, end: i32): void {
  const p = changetype<SelectArguments>(address)
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
