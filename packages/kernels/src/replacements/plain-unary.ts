import type { DataType, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core'
import { guardKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'

type Scalar = (x: number, alpha: number) => number

const SELU_ALPHA = 1.7580993408473768
const SELU_SCALE = 1.0507009873554805

/** Functions of one number, for the types that the fast kernels do not know: integers and booleans. */
const scalars: Readonly<Record<string, Scalar>> = {
  Abs: Math.abs,
  Acos: Math.acos,
  Acosh: Math.acosh,
  Asin: Math.asin,
  Asinh: Math.asinh,
  Atan: Math.atan,
  Atanh: Math.atanh,
  Ceil: Math.ceil,
  Cos: Math.cos,
  Cosh: Math.cosh,
  Elu: (x) => (x >= 0 ? x : Math.expm1(x)),
  Exp: Math.exp,
  Expm1: Math.expm1,
  Floor: Math.floor,
  IsFinite: (x) => Number(Number.isFinite(x)),
  IsInf: (x) => Number(Math.abs(x) === Number.POSITIVE_INFINITY),
  IsNan: (x) => Number(Number.isNaN(x)),
  LeakyRelu: (x, alpha) => (x < 0 ? alpha * x : x),
  Log: Math.log,
  Log1p: Math.log1p,
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(0, x),
  Relu6: (x) => Math.min(Math.max(0, x), 6),
  Round: (x) => x,
  Rsqrt: (x) => 1 / Math.sqrt(x),
  Selu: (x) => (x >= 0 ? SELU_SCALE * x : SELU_ALPHA * Math.expm1(x)),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Sign: Math.sign,
  Sin: Math.sin,
  Sinh: Math.sinh,
  Softplus: (x) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))),
  Sqrt: Math.sqrt,
  Square: (x) => Math.imul(x, x),
  Step: (x, alpha) => (x > 0 ? 1 : alpha),
  Tan: Math.tan,
  Tanh: Math.tanh,
}

/** The dtype of the result, where it is not that of x. */
const resultTypes: Readonly<Record<string, DataType>> = {
  Exp: 'float32',
  Expm1: 'float32',
  LeakyRelu: 'float32',
  IsFinite: 'bool',
  IsInf: 'bool',
  IsNan: 'bool',
}

/** Functions that make a boolean of a boolean, or a number. */
const ofBooleans = new Set([
  'Abs',
  'Ceil',
  'Exp',
  'Expm1',
  'Floor',
  'IsFinite',
  'IsInf',
  'IsNan',
  'LeakyRelu',
  'Relu',
  'Relu6',
])
ofBooleans.add('Round').add('Sign').add('Square').add('Sqrt')

/** f(x) for a tensor of integers or booleans, element by element. */
export function plainUnary(
  name: string,
  { inputs, attrs, heap }: Pick<KernelCall, 'inputs' | 'attrs' | 'heap'>,
): TensorInfo {
  const { x } = inputs as { x: TensorInfo }
  const scalar = scalars[name]
  if (scalar === undefined || x.dtype === 'string' || (x.dtype === 'bool' && !ofBooleans.has(name))) {
    throw new KernelError('shape', `${name}: expected x float32, got ${x.dtype} [${x.shape}]. Cast it.`)
  }
  const out = heap.makeOutput(x.shape, resultTypes[name] ?? x.dtype)
  const alpha = alphaOf(attrs)
  const [from, to] = [heap.values(x), heap.values(out)]
  for (let i = 0; i < to.length; i++) to[i] = scalar(from[i]!, alpha)
  return out
}

function alphaOf(attrs: NamedAttrMap): number {
  return (attrs['alpha'] as number | undefined) ?? 0
}

const names = [
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'Cos',
  'Cosh',
  'Expm1',
  'IsFinite',
  'IsInf',
  'IsNan',
  'Log1p',
]
names.push('Round', 'Selu', 'Sin', 'Sinh', 'Softplus', 'Tan')

/** Functions whose kernels of tfjs are right for floats only, and leave other types as they find them. */
export const plainUnaryKernels: readonly WasmKernel[] = names.map((name) =>
  guardKernel(name, (call) => (call.inputs['x']!.dtype === 'float32' ? call.stock() : plainUnary(name, call))),
)

/** `tf.logicalNot`; tfjs's own kernel takes other types than booleans too, and makes no booleans of them. */
export const logicalNot = guardKernel('LogicalNot', ({ inputs, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  if (x.dtype === 'bool') return stock()
  throw new KernelError('shape', `logicalNot: expected x bool, got ${x.dtype} [${x.shape}]. Cast it.`)
})
