import type { WasmKernel } from './define-kernel.ts'
import { batchMatMul } from './kernels/batch-matmul.ts'
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput } from './kernels/conv2d-backprop.ts'
import { cumsum } from './kernels/cumsum.ts'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './kernels/depthwise-backprop.ts'
import { einsum } from './kernels/einsum.ts'
import { binaryKernels, unaryKernels } from './kernels/elementwise.ts'
import { fusedMatMul } from './kernels/fused-matmul.ts'
import { reductionKernels } from './kernels/reductions.ts'
import { selectKernel } from './kernels/select.ts'
import { concatKernel, sliceKernel, tileKernel } from './kernels/slice.ts'
import { softmaxKernel } from './kernels/softmax.ts'
import { transposeKernel } from './kernels/transpose.ts'
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum.ts'
import { allOps } from './ops/all-ops.ts'

/** Every kernel that `useWasm` puts in place. A new kernel is one file, its test, and one line here. */
export const allKernels: readonly WasmKernel[] = [
  batchMatMul,
  fusedMatMul,
  unsortedSegmentSum,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  cumsum,
  einsum,
  ...unaryKernels,
  ...binaryKernels,
  ...reductionKernels,
  selectKernel,
  softmaxKernel,
  transposeKernel,
  sliceKernel,
  concatKernel,
  tileKernel,
  ...allOps,
]
