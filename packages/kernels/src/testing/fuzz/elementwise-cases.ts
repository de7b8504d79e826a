import type { NamedAttrMap } from '@tensorflow/tfjs-core'
import type { Case, Data, Random } from './random.ts'

/** Makes random calls of one kernel. */
export type Generator = (random: Random) => Case

const floats = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'Ceil',
  'Cos',
  'Cosh',
  'Elu',
  'Erf',
  'Exp',
  'Expm1',
]
floats.push(
  'Floor',
  'IsFinite',
  'IsInf',
  'IsNan',
  'LeakyRelu',
  'Log',
  'Log1p',
  'LogicalNot',
  'Neg',
  'Reciprocal',
  'Relu',
  'Relu6',
)
floats.push(
  'Round',
  'Rsqrt',
  'Selu',
  'Sigmoid',
  'Sign',
  'Sin',
  'Sinh',
  'Softplus',
  'Sqrt',
  'Square',
  'Step',
  'Tan',
  'Tanh',
)
floats.push('OnesLike', 'ZerosLike', 'Identity')

const unaryAttrs = (name: string, random: Random): NamedAttrMap =>
  name === 'LeakyRelu' || name === 'Step' ? { alpha: random.pick([0, 0.2, 1, -0.5]) } : {}

/** Large numbers of an integer overflow, and the sine of 1e38 is a matter of rounding. */
const small = new Set(['Abs', 'Cos', 'Sin', 'Square', 'Tan', 'Multiply', 'SquaredDifference', 'Mod', 'Pow', 'FloorDiv'])

function unaryCase(name: string, random: Random): Pick<Case, 'inputs' | 'alone'> {
  const x = random.data(random.shape(), random.dtype(), !small.has(name) && random.chance(0.3))
  // The cpu backend keeps the dtype.
  return { inputs: { x }, alone: name === 'Expm1' && x.dtype !== 'float32' }
}

const unary = Object.fromEntries(
  floats.map((name): [string, Generator] => [
    name,
    (random) => ({
      ...unaryCase(name, random),
      attrs: unaryAttrs(name, random),
    }),
  ]),
)

const binaries = [
  'Add',
  'Atan2',
  'BitwiseAnd',
  'Equal',
  'FloorDiv',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
]
binaries.push('LogicalOr', 'LogicalXor', 'Maximum', 'Minimum', 'Mod', 'Multiply', 'NotEqual', 'Pow', 'RealDiv')
binaries.push('SquaredDifference', 'Sub')

const comparisons = new Set([
  'Equal',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
  'LogicalXor',
  'NotEqual',
])

const binary = Object.fromEntries(
  binaries.map((name): [string, Generator] => [
    name,
    (random) => {
      const dtype = name === 'FloorDiv' ? 'int32' : random.dtype()
      if (random.chance(0.01) && !comparisons.has(name)) {
        // 2^34 bytes and a little: the size modulo 2^32 is small.
        const [n, m] = [2 ** 16 + 1, 2 ** 16]
        const a: Data = { shape: [n, 1], dtype: 'int32', values: new Array<number>(n).fill(1) }
        const b: Data = { shape: [1, m], dtype: 'int32', values: new Array<number>(m).fill(1) }
        return { inputs: { a, b }, attrs: {}, huge: true }
      }
      const shape = random.shape()
      const other = random.chance(0.97) ? dtype : random.dtype()
      const [first, second] = random.chance(0.5) ? [shape, random.partner(shape)] : [random.partner(shape), shape]
      const special = !small.has(name) && random.chance(0.3)
      return { inputs: { a: random.data(first, dtype, special), b: random.data(second, other, special) }, attrs: {} }
    },
  ]),
)

/** Generators of the element-wise kernels. */
export const elementwiseCases: Readonly<Record<string, Generator>> = {
  ...unary,
  ...binary,
  AddN: (random) => {
    const shape = random.shape()
    const dtype = random.pick(['float32', 'int32'] as const)
    return { inputs: list(random.integer(1, 4), () => random.data(shape, dtype)), attrs: {} }
  },
  EluGrad: (random) => {
    const shape = random.shape()
    return { inputs: { dy: random.data(shape), y: random.data(shape) }, attrs: {} }
  },
  Prelu: (random) => {
    const shape = random.shape()
    return { inputs: { x: random.data(shape), alpha: random.data(random.partner(shape)) }, attrs: {} }
  },
  ClipByValue: (random) => ({
    inputs: { x: random.data(random.shape(), random.pick(['float32', 'int32']), random.chance(0.5)) },
    attrs: { clipValueMin: random.integer(-3, 0), clipValueMax: random.integer(0, 3) },
  }),
  Cast: (random) => ({
    inputs: { x: random.data(random.shape(), random.dtype()) },
    attrs: { dtype: random.dtype() },
  }),
  Select: (random) => {
    const shape = random.shape()
    const dtype = random.dtype()
    const condition = random.chance(0.5) ? shape : random.chance(0.9) ? shape.slice(0, 1) : random.shape()
    const e = random.data(random.chance(0.95) ? shape : random.shape(), random.chance(0.97) ? dtype : random.dtype())
    // The cpu backend takes the first elements for a condition of rows.
    const alone = shape.length > 1 && condition.length === 1
    return { inputs: { condition: random.data(condition, 'bool'), t: random.data(shape, dtype), e }, attrs: {}, alone }
  },
  HeddleGelu: activation,
  HeddleGeluTanh: activation,
  HeddleSilu: activation,
  HeddleReluSquared: activation,
  HeddlePointwiseGradient: (random) => {
    const shape = random.shape()
    return { inputs: { x: random.data(shape), dy: random.data(shape) }, attrs: { kind: random.integer(0, 3) } }
  },
  HeddleDropout: (random) => ({
    inputs: { x: random.data(random.shape(), random.dtype()) },
    attrs: { rate: random.pick([0, 0.1, 0.5, 0.999]), key: [random.integer(0, 1e9), random.integer(0, 1e9)] },
  }),
}

function activation(random: Random): Case {
  return { inputs: { x: random.data(random.shape(), random.dtype()) }, attrs: {} }
}

/** Inputs of a kernel that takes a list. */
export function list<T>(length: number, make: () => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length }, (_, i) => [String(i), make()]))
}
