// Element-wise operations with broadcasting, in parts that threads share.

import { at } from './address'
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

/**
 * y[d0, d1, d2, d3] = f(a, b): four dimensions of which each operand has its own strides (0 where it is broadcast), in
 * elements. In the innermost one a stride is 0 or 1. src/kernels/broadcast.ts merges dimensions until four are enough.
 */
@unmanaged
class BinaryArguments {
  operation: i32
  a: usize
  b: usize
  y: usize
  d0: i32
  d1: i32
  d2: i32
  d3: i32
  a0: i32
  a1: i32
  a2: i32
  a3: i32
  b0: i32
  b1: i32
  b2: i32
  b3: i32
}

export function binaryOperation(address: usize): void {
  const p = changetype<BinaryArguments>(address)
  const rows = p.d0 * p.d1 * p.d2
  if (rows == 1) parallelFor(JOB_BINARY, address, p.d3, PART)
  else parallelFor(JOB_BINARY, address, rows, max(1, PART / max(1, p.d3)))
}

/** Elements `begin` to `end` of a single row, or rows `begin` to `end`. */
export function binaryPart(address: usize, begin: i32, end: i32): void {
  const p = changetype<BinaryArguments>(address)
  if (p.d0 * p.d1 * p.d2 == 1) {
    row(p, at(p.a, begin * p.a3), at(p.b, begin * p.b3), at(p.y, begin), end - begin)
    return
  }
  for (let r = begin; r < end; r++) {
    const i2 = r % p.d2
    const rest = r / p.d2
    const i1 = rest % p.d1
    const i0 = rest / p.d1
    const a = at(p.a, i0 * p.a0 + i1 * p.a1 + i2 * p.a2)
    const b = at(p.b, i0 * p.b0 + i1 * p.b1 + i2 * p.b2)
    row(p, a, b, at(p.y, r * p.d3), p.d3)
  }
}

// @ts-ignore: decorator
@inline
function row(p: BinaryArguments, a: usize, b: usize, y: usize, n: i32): void {
  if (p.a3 == 0) binaryLeft(p.operation, a, b, y, n)
  else if (p.b3 == 0) binaryRight(p.operation, a, b, y, n)
  else binaryBoth(p.operation, a, b, y, n)
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
