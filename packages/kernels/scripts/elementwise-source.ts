/**
 * Writes the AssemblyScript source of the element-wise loops: one pair of loops for each operation, with the operation
 * itself in the middle, since AssemblyScript cannot inline a function value.
 *
 * The order of the operations is the numbering by which JavaScript names them, through src/generated/operations.ts.
 */

/** f(x), with x of four floats. `alpha` is the operation's attribute, if it has one. */
const unaryOperations: Readonly<Record<string, string>> = {
  Abs: 'f32x4.abs(x)',
  Ceil: 'f32x4.ceil(x)',
  Elu: 'eluF32x4(x)',
  Erf: 'erfF32x4(x)',
  Exp: 'expF32x4(x)',
  Floor: 'f32x4.floor(x)',
  LeakyRelu: 'select(x, f32x4.mul(x, alpha), f32x4.ge(x, zero))',
  Log: 'logF32x4(x)',
  Neg: 'f32x4.neg(x)',
  Reciprocal: 'f32x4.div(one, x)',
  Relu: 'f32x4.pmax(x, zero)',
  Relu6: 'f32x4.pmin(f32x4.pmax(x, zero), constant(SIX))',
  Rsqrt: 'f32x4.div(one, f32x4.sqrt(x))',
  Sigmoid: 'sigmoidF32x4(x)',
  // (x > 0) - (x < 0); NaN becomes 0.
  Sign: 'f32x4.sub(v128.and(one, f32x4.gt(x, zero)), v128.and(one, f32x4.lt(x, zero)))',
  Sqrt: 'f32x4.sqrt(x)',
  Square: 'f32x4.mul(x, x)',
  Tanh: 'tanhF32x4(x)',
  // 1 for positive x, alpha otherwise; NaN stays NaN.
  Step: 'select(select(one, alpha, f32x4.gt(x, zero)), x, f32x4.eq(x, x))',
}

/** f(a, b) of two times four floats. */
const binaryOperations: Readonly<Record<string, string>> = {
  Add: 'f32x4.add(a, b)',
  Sub: 'f32x4.sub(a, b)',
  Multiply: 'f32x4.mul(a, b)',
  RealDiv: 'f32x4.div(a, b)',
  // NaN in either operand is NaN.
  Maximum: 'select(b, f32x4.pmax(a, b), f32x4.ne(b, b))',
  Minimum: 'select(b, f32x4.pmin(a, b), f32x4.ne(b, b))',
  SquaredDifference: 'square(f32x4.sub(a, b))',
  // The gradient of elu from dy and y.
  // The slopes of negative a are b.
  Prelu: 'select(a, f32x4.mul(a, b), f32x4.ge(a, zero))',
  EluGrad: 'select(a, f32x4.mul(a, f32x4.add(b, one)), f32x4.ge(b, zero))',
}

/** The names in their order, as a module for src/kernels. */
export function operationsModule(): string {
  const list = (names: string[]) => `[${names.map((name) => `'${name}'`).join(', ')}] as const`
  return [
    `export const unaryOperations = ${list(Object.keys(unaryOperations))}`,
    `export const binaryOperations = ${list(Object.keys(binaryOperations))}`,
    '',
  ].join('\n')
}

export function elementwiseSource(): string {
  return [
    "import { at } from '../memory/address'",
    "import { constant, ONE, SIX } from '../math/constants'",
    "import { loadLanes, storeLanes } from '../memory/lanes'",
    "import { eluF32x4, erfF32x4, expF32x4, logF32x4, sigmoidF32x4, tanhF32x4 } from '../math/math'",
    "import { select } from '../math/simd'",
    '// @ts-ignore: decorator\n@inline\nfunction square(x: v128): v128 { return f32x4.mul(x, x) }',
    ...Object.entries(unaryOperations).map(([name, formula]) => unaryLoop(name, formula)),
    dispatch('unary', 'x: usize, y: usize, n: i32, alpha: f32', 'x, y, n, alpha', Object.keys(unaryOperations)),
    ...Object.entries(binaryOperations).map(([name, formula]) => binaryLoops(name, formula)),
    ...['Both', 'Left', 'Right'].map((side) =>
      dispatch(
        `binary${side}`,
        'a: usize, b: usize, y: usize, n: i32',
        'a, b, y, n',
        Object.keys(binaryOperations),
        side,
      ),
    ),
  ].join('\n')
}

const constants = '  const zero = f32x4.splat(0)\n  const one = constant(ONE)'

// Two vectors a turn, stored side by side: that is what V8 can fuse to one of 256 bits. Both are computed before either is
// stored, so that the constants are loaded once.
function unaryLoop(name: string, formula: string): string {
  return `
// @ts-ignore: decorator
@inline
function apply${name}(x: v128, alpha: v128): v128 {
${constants}
  return ${formula}
}

function unary${name}(x: usize, y: usize, n: i32, slope: f32): void {
  const alpha = f32x4.splat(slope)
  let i = 0
  for (; i + 8 <= n; i += 8) {
    const first = apply${name}(v128.load(at(x, i)), alpha)
    const second = apply${name}(v128.load(at(x, i), 16), alpha)
    v128.store(at(y, i), first)
    v128.store(at(y, i), second, 16)
  }
  for (; i < n; i += 4) storeLanes(at(y, i), apply${name}(loadLanes(at(x, i), n - i), alpha), n - i)
}`
}

/** Both operands in step, and one of them a single number. */
function binaryLoops(name: string, formula: string): string {
  const loop = (
    side: string,
    before: string,
    a: (offset: number) => string,
    b: (offset: number) => string,
    tailA: string,
    tailB: string,
  ) => `
function binary${side}${name}(pa: usize, pb: usize, y: usize, n: i32): void {
${before}
  let i = 0
  for (; i + 8 <= n; i += 8) {
    const first = combine${name}(${a(0)}, ${b(0)})
    const second = combine${name}(${a(16)}, ${b(16)})
    v128.store(at(y, i), first)
    v128.store(at(y, i), second, 16)
  }
  for (; i < n; i += 4) storeLanes(at(y, i), combine${name}(${tailA}, ${tailB}), n - i)
}`
  const load = (name: string) => (offset: number) => `v128.load(at(${name}, i), ${offset})`
  const tail = (name: string) => `loadLanes(at(${name}, i), n - i)`
  return `
// @ts-ignore: decorator
@inline
function combine${name}(a: v128, b: v128): v128 {
${constants}
  return ${formula}
}
${loop('Both', '', load('pa'), load('pb'), tail('pa'), tail('pb'))}
${loop('Left', '  const left = v128.load32_splat(pa)', () => 'left', load('pb'), 'left', tail('pb'))}
${loop('Right', '  const right = v128.load32_splat(pb)', load('pa'), () => 'right', tail('pa'), 'right')}`
}

function dispatch(name: string, parameters: string, values: string, operations: readonly string[], side = ''): string {
  const target = side === '' ? name : `binary${side}`
  return `
export function ${name}(operation: i32, ${parameters}): void {
  switch (operation) {
${operations.map((operation, i) => `    case ${i}: return ${target}${operation}(${values})`).join('\n')}
    default: unreachable()
  }
}`
}
