import { backend_util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core'
import { guardKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import type { Heap } from '../heap.ts'
import { broadcastStrides } from './dimensions.ts'

type Scalar = (a: number, b: number) => number

const modulo: Scalar = (a, b) => {
  const rest = a % b
  return (a < 0 && b < 0) || (a >= 0 && b >= 0) ? rest : (rest + b) % b
}

/** Functions of two numbers, for the types that the fast kernels do not know. */
const scalars: Readonly<Record<string, Scalar>> = {
  Add: (a, b) => a + b,
  Atan2: Math.atan2,
  BitwiseAnd: (a, b) => a & b,
  FloorDiv: (a, b) => Math.floor(a / b),
  Maximum: Math.max,
  Minimum: Math.min,
  Mod: modulo,
  Multiply: Math.imul,
  Pow: Math.pow,
  RealDiv: (a, b) => a / b,
  SquaredDifference: (a, b) => (a - b) * (a - b),
  Sub: (a, b) => a - b,
  Equal: (a, b) => Number(a === b),
  NotEqual: (a, b) => Number(a !== b),
  Greater: (a, b) => Number(a > b),
  GreaterEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessEqual: (a, b) => Number(a <= b),
}

/** Arithmetic on booleans makes numbers that are none. */
const OF_BOOLEANS = new Set(['Maximum', 'Minimum', 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'])

/**
 * A function of two tensors of one dtype, broadcast against each other, element by element.
 *
 * @throws HeddleError `shape` for two dtypes, strings, or arithmetic on booleans
 */
export function plainBinary(
  name: string,
  heap: Heap,
  a: TensorInfo,
  b: TensorInfo,
  dtype: DataType = a.dtype,
): TensorInfo {
  const scalar = scalars[name]
  const known = a.dtype !== 'string' && (a.dtype !== 'bool' || OF_BOOLEANS.has(name))
  if (scalar === undefined || a.dtype !== b.dtype || !known) {
    throw new KernelError(
      'shape',
      `${name}: expected two tensors of one dtype that it knows, got ${a.dtype} [${a.shape}] and ${b.dtype} [${b.shape}]. Cast them.`,
    )
  }
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape)
  const out = heap.makeOutput(shape, dtype)
  const [x, y, to] = [heap.values(a), heap.values(b), heap.values(out)]
  const strides = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)] as const
  const index = new Array<number>(shape.length).fill(0)
  let [i, j] = [0, 0]
  for (let at = 0; at < to.length; at++) {
    to[at] = scalar(x[i]!, y[j]!)
    for (let d = shape.length - 1; d >= 0; d--) {
      i += strides[0][d]!
      j += strides[1][d]!
      if (++index[d]! < shape[d]!) break
      index[d] = 0
      i -= strides[0][d]! * shape[d]!
      j -= strides[1][d]! * shape[d]!
    }
  }
  return out
}

/**
 * `tf.atan2`, `tf.floorDiv`, `tf.mod` and `tf.bitwiseAnd`: floats by tfjs's own kernels, which trap for integers that are
 * divided by 0 and leave other types unwritten.
 */
export const plainBinaryKernels: readonly WasmKernel[] = ['Atan2', 'FloorDiv', 'Mod', 'BitwiseAnd'].map((name) =>
  guardKernel(name, ({ inputs, heap, stock }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
    if (name !== 'BitwiseAnd' && a.dtype === 'float32' && b.dtype === 'float32') return stock()
    return plainBinary(name, heap, a, b)
  }),
)
