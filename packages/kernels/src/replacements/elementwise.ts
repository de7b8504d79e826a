import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, guardKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { type BinaryArguments, lengths } from '../generated/exports.ts'
import { binaryOperations, unaryOperations } from '../generated/operations.ts'
import { type Heap, sizeOf } from '../heap.ts'
import { broadcastStrides, merged, padded } from './dimensions.ts'
import { plainBinary } from './plain-binary.ts'
import { plainUnary } from './plain-unary.ts'

/** The functions that tfjs's own kernels compute of integers. */
const ofIntegers = new Set(['Add', 'Sub', 'Multiply', 'Maximum', 'Minimum'])

/** The names of the operands, where they are not a and b. */
const operands: Readonly<Record<string, readonly [string, string]>> = { EluGrad: ['dy', 'y'], Prelu: ['x', 'alpha'] }

/** Number of dimensions that the kernel loops over. */
const RANK = lengths.BinaryArguments.size

/** Element-wise functions of one float tensor; other types are computed one by one. */
export const unaryKernels: readonly WasmKernel[] = unaryOperations.map((name, operation) =>
  defineKernel(name, (call) => {
    const { inputs, attrs, heap } = call
    const { x } = inputs as { x: TensorInfo }
    if (x.dtype !== 'float32') return plainUnary(name, call)
    const out = heap.makeOutput(x.shape)
    const size = sizeOf(x.shape)
    if (size === 0) return out
    const alpha = (attrs['alpha'] as number | undefined) ?? 0
    heap.exports.unaryOperation({ operation, x: heap.addressOf(x), y: heap.addressOf(out), size, alpha })
    return out
  }),
)

/** Element-wise functions of two tensors, broadcast against each other: fast for floats; by tfjs or one by one for other types. */
export const binaryKernels: readonly WasmKernel[] = binaryOperations.map((name, operation) =>
  guardKernel(name, ({ inputs, heap, stock }) => {
    const [first, second] = operands[name] ?? ['a', 'b']
    const [a, b] = [inputs[first], inputs[second]] as [TensorInfo, TensorInfo]
    if (a.dtype === 'int32' && b.dtype === 'int32' && ofIntegers.has(name)) return stock()
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return plainBinary(name, heap, a, b)
    return runBinary(name, heap, operation, a, b, 'float32')
  }),
)

/**
 * Runs a function of two tensors, broadcast against each other.
 *
 * @param operation its number, plus the `BinaryKind` where it makes bytes
 * @throws HeddleError `shape` when they broadcast along too many dimensions
 */
export function runBinary(
  name: string,
  heap: Heap,
  operation: number,
  a: TensorInfo,
  b: TensorInfo,
  dtype: 'float32' | 'bool',
): TensorInfo {
  const same = sameShape(a.shape, b.shape)
  const shape = same ? a.shape : backend_util.assertAndGetBroadcastShape(a.shape, b.shape)
  const loop = same ? undefined : broadcastLoop(name, a, b, shape)
  const out = heap.makeOutput(shape, dtype)
  const size = sizeOf(shape)
  if (size === 0) return out
  const [addressA, addressB, y] = [heap.addressOf(a), heap.addressOf(b), heap.addressOf(out)]
  if (loop === undefined) {
    heap.exports.binaryOperation({
      operation,
      a: addressA,
      b: addressB,
      y,
      rows: 1,
      length: size,
      aStep: 1,
      bStep: 1,
      size: NO_LOOP,
      aStride: NO_LOOP,
      bStride: NO_LOOP,
    })
  } else heap.exports.binaryOperation({ operation, a: addressA, b: addressB, y, ...loop })
  return out
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

// A single row reads no loop.
const NO_LOOP = new Array<number>(RANK).fill(0)

/** The loop over operands of different shapes. */
function broadcastLoop(
  name: string,
  a: TensorInfo,
  b: TensorInfo,
  shape: number[],
): Omit<BinaryArguments, 'operation' | 'a' | 'b' | 'y'> {
  const loop = merged({
    sizes: shape,
    strides: [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)],
  })
  if (loop.sizes.length > RANK) {
    throw new KernelError(
      'shape',
      `${name}: expected shapes that broadcast along at most ${RANK} dimensions, got [${a.shape}] and [${b.shape}]. Reshape them.`,
    )
  }
  const { sizes, strides } = padded(loop, RANK)
  const [aStride, bStride] = strides as [number[], number[]]
  const last = RANK - 1
  return {
    rows: sizeOf(sizes.slice(0, last)),
    length: sizes[last]!,
    aStep: aStride[last]!,
    bStep: bStride[last]!,
    size: sizes,
    aStride,
    bStride,
  }
}
