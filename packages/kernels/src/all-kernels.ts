import type { WasmKernel } from './define-kernel.ts'
import { batchMatMul } from './kernels/batch-matmul.ts'
import { conv2dBackpropFilter, conv2dBackpropInput } from './kernels/conv2d-backprop.ts'
import { cumsum } from './kernels/cumsum.ts'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './kernels/depthwise-backprop.ts'
import { einsum } from './kernels/einsum.ts'
import { fusedMatMul } from './kernels/fused-matmul.ts'
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum.ts'
import { allOps } from './ops/all-ops.ts'

/** Every kernel that `useWasm` puts in place. A new kernel is one file, its test, and one line here. */
export const allKernels: readonly WasmKernel[] = [
  batchMatMul,
  fusedMatMul,
  unsortedSegmentSum,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  cumsum,
  einsum,
  ...allOps,
]
