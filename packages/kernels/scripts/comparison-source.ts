/**
 * Writes the AssemblyScript source of the loops that make booleans, a byte each: comparisons of floats and of integers, and
 * logical operations. Like the element-wise ones, each is a loop of its own, since AssemblyScript cannot inline a function value.
 *
 * The order of the operations is the numbering by which JavaScript names them, through src/generated/operations.ts.
 */

/** Four lanes of all ones or all zeros, from four of a and four of b. */
const comparisons: Readonly<Record<string, string>> = {
  Greater: 'f32x4.gt(a, b)',
  GreaterEqual: 'f32x4.ge(a, b)',
  Equal: 'f32x4.eq(a, b)',
  NotEqual: 'f32x4.ne(a, b)',
  GreaterInt: 'i32x4.gt_s(a, b)',
  GreaterEqualInt: 'i32x4.ge_s(a, b)',
  EqualInt: 'i32x4.eq(a, b)',
  NotEqualInt: 'i32x4.ne(a, b)',
}

/** Sixteen bytes of all ones or all zeros, from sixteen of such a and b. */
const logic: Readonly<Record<string, string>> = {
  LogicalAnd: 'v128.and(a, b)',
  LogicalOr: 'v128.or(a, b)',
  LogicalXor: 'v128.xor(a, b)',
}

/** The names in their order, as lines of a module for src/kernels. */
export function comparisonsModule(): string {
  const list = (names: string[]) => `[${names.map((name) => `'${name}'`).join(', ')}] as const`
  return [
    `export const comparisons = ${list(Object.keys(comparisons))}`,
    `export const logicalOperations = ${list(Object.keys(logic))}`,
    '',
  ].join('\n')
}

export function comparisonSource(): string {
  return [
    "import { at } from '../memory/address'",
    "import { loadLanes } from '../memory/lanes'",
    `
/** The bytes of up to four lanes. */
function storeBits(y: usize, mask: v128, n: i32): void {
  const bits = i32x4.bitmask(mask)
  for (let j = 0; j < min(n, 4); j++) store<u8>(y + <usize>j, <u8>((bits >> j) & 1))
}

// @ts-ignore: decorator
@inline
function isSet(x: v128): v128 { return i8x16.ne(x, i8x16.splat(0)) }`,
    ...Object.entries(comparisons).flatMap(([name, formula]) =>
      sides.map((side) => comparisonLoop(name, formula, side)),
    ),
    ...Object.entries(logic).flatMap(([name, formula]) => sides.map((side) => logicLoop(name, formula, side))),
    dispatch('compare', Object.keys(comparisons)),
    dispatch('logical', Object.keys(logic)),
  ].join('\n')
}

/** Both operands in step, or one of them a single number. */
const sides = ['Both', 'Left', 'Right'] as const
type Side = (typeof sides)[number]

function comparisonLoop(name: string, formula: string, side: Side): string {
  const [a, b] = operands(side)
  const load = (fixed: boolean, pointer: string, offset: number) =>
    fixed ? `v128.load32_splat(${pointer})` : `v128.load(at(${pointer}, i), ${offset})`
  const tail = (fixed: boolean, pointer: string) =>
    fixed ? `v128.load32_splat(${pointer})` : `loadLanes(at(${pointer}, i), n - i)`
  const call = (first: string, second: string) => `is${name}${side}(${first}, ${second})`
  return `
// @ts-ignore: decorator
@inline
function is${name}${side}(a: v128, b: v128): v128 { return ${formula} }

function compare${side}${name}(pa: usize, pb: usize, y: usize, n: i32): void {
  let i = 0
  for (; i + 16 <= n; i += 16) {
${[0, 16, 32, 48].map((offset, j) => `    const m${j} = ${call(load(a, 'pa', offset), load(b, 'pb', offset))}`).join('\n')}
    const low = i16x8.narrow_i32x4_s(m0, m1)
    const high = i16x8.narrow_i32x4_s(m2, m3)
    v128.store(y + <usize>i, v128.and(i8x16.narrow_i16x8_s(low, high), i8x16.splat(1)))
  }
  for (; i < n; i += 4) storeBits(y + <usize>i, ${call(tail(a, 'pa'), tail(b, 'pb'))}, n - i)
}`
}

function logicLoop(name: string, formula: string, side: Side): string {
  const [a, b] = operands(side)
  const load = (fixed: boolean, pointer: string, of: string) =>
    fixed ? `${of}8_splat(${pointer})` : `${of}(${pointer} + <usize>i)`
  const lane = (fixed: boolean, pointer: string) => `v128.load8_splat(${pointer}${fixed ? '' : ' + <usize>i'})`
  return `
// @ts-ignore: decorator
@inline
function do${name}${side}(a: v128, b: v128): v128 { return ${formula} }

function logical${side}${name}(pa: usize, pb: usize, y: usize, n: i32): void {
  let i = 0
  for (; i + 16 <= n; i += 16) {
    const mask = do${name}${side}(isSet(${load(a, 'pa', 'v128.load')}), isSet(${load(b, 'pb', 'v128.load')}))
    v128.store(y + <usize>i, v128.and(mask, i8x16.splat(1)))
  }
  for (; i < n; i++) {
    const mask = do${name}${side}(isSet(${lane(a, 'pa')}), isSet(${lane(b, 'pb')}))
    store<u8>(y + <usize>i, <u8>(i8x16.extract_lane_u(mask, 0) & 1))
  }
}`
}

/** Whether a and b are single numbers. */
function operands(side: Side): readonly [a: boolean, b: boolean] {
  return [side === 'Left', side === 'Right']
}

function dispatch(name: string, operations: readonly string[]): string {
  return sides
    .map(
      (side) => `
export function ${name}${side}(operation: i32, pa: usize, pb: usize, y: usize, n: i32): void {
  switch (operation) {
${operations.map((operation, i) => `    case ${i}: return ${name}${side}${operation}(pa, pb, y, n)`).join('\n')}
    default: unreachable()
  }
}`,
    )
    .join('\n')
}
