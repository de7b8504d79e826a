import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { binaryOperations, unaryOperations } from '../generated/operations.ts'
import { floatBits, type Heap, sizeOf } from '../heap.ts'
import { broadcastStrides, merged, padded } from './dimensions.ts'

/** RANK of assembly/elementwise.ts. */
const RANK = 6

/** Element-wise functions of one float tensor; tensors of other types go to tfjs's own kernels. */
export const unaryKernels: readonly WasmKernel[] = unaryOperations.map((name, operation) =>
  defineKernel(name, ({ inputs, attrs, heap, stock }) => {
    const { x } = inputs as { x: TensorInfo }
    if (x.dtype !== 'float32') return stock()
    const out = heap.makeOutput(x.shape)
    const size = sizeOf(x.shape)
    if (size === 0) return out
    const alpha = (attrs['alpha'] as number | undefined) ?? 0
    heap.exports.unaryOperation(
      heap.arguments([operation, heap.addressOf(x), heap.addressOf(out), size, floatBits(alpha)]),
    )
    return out
  }),
)

/** Element-wise functions of two float tensors, broadcast against each other. */
export const binaryKernels: readonly WasmKernel[] = binaryOperations.map((name, operation) =>
  defineKernel(name, ({ inputs, heap, stock }) => {
    const [a, b] = (name === 'EluGrad' ? [inputs['dy'], inputs['y']] : [inputs['a'], inputs['b']]) as [
      TensorInfo,
      TensorInfo,
    ]
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return stock()
    return runBinary(name, heap, operation, a, b, 'float32')
  }),
)

/**
 * Runs a function of two tensors, broadcast against each other.
 *
 * @param operation a number of assembly/elementwise.ts
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
  const addresses = [operation, heap.addressOf(a), heap.addressOf(b), heap.addressOf(out)]
  heap.exports.binaryOperation(
    heap.arguments(loop === undefined ? [...addresses, 1, size, 1, 1] : [...addresses, ...loop]),
  )
  return out
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** The words of assembly/elementwise.ts from `rows` on. */
function broadcastLoop(name: string, a: TensorInfo, b: TensorInfo, shape: number[]): number[] {
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
  const [s, t] = strides as [number[], number[]]
  const last = RANK - 1
  return [sizeOf(sizes.slice(0, last)), sizes[last]!, s[last]!, t[last]!, ...sizes, ...s, ...t]
}
