import type { TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { BinaryKind } from '../generated/exports.ts'
import { comparisons, logicalOperations } from '../generated/operations.ts'
import { runBinary } from './elementwise.ts'
import { plainBinary } from './plain-binary.ts'

type Comparison = 'Greater' | 'GreaterEqual' | 'Equal' | 'NotEqual'

/** Each tfjs comparison as one of ours; a < b is b > a. */
const kernels: readonly (readonly [name: string, comparison: Comparison, swapped: boolean])[] = [
  ['Greater', 'Greater', false],
  ['GreaterEqual', 'GreaterEqual', false],
  ['Less', 'Greater', true],
  ['LessEqual', 'GreaterEqual', true],
  ['Equal', 'Equal', false],
  ['NotEqual', 'NotEqual', false],
]

/** Comparisons of two float or two integer tensors, broadcast against each other; other types are computed one by one. */
export const comparisonKernels: readonly WasmKernel[] = kernels.map(([name, comparison, swapped]) => {
  const numbers = {
    float32: BinaryKind.COMPARISON + comparisons.indexOf(comparison),
    int32: BinaryKind.COMPARISON + comparisons.indexOf(`${comparison}Int`),
  }
  return defineKernel(name, ({ inputs, heap }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
    if (a.dtype !== b.dtype || (a.dtype !== 'float32' && a.dtype !== 'int32'))
      return plainBinary(name, heap, a, b, 'bool')
    const [first, second] = swapped ? [b, a] : [a, b]
    return runBinary(name, heap, numbers[a.dtype], first, second, 'bool')
  })
})

/** `tf.logicalAnd`, `tf.logicalOr` and `tf.logicalXor`, broadcast. */
export const logicalKernels: readonly WasmKernel[] = logicalOperations.map((name, i) =>
  defineKernel(name, ({ inputs, heap }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
    if (a.dtype !== 'bool' || b.dtype !== 'bool') {
      throw new KernelError('shape', `${name}: expected two tensors of bool, got ${a.dtype} and ${b.dtype}. Cast them.`)
    }
    return runBinary(name, heap, BinaryKind.LOGICAL + i, a, b, 'bool')
  }),
)
