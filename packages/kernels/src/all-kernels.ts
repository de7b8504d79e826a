import type { WasmKernel } from './define-kernel.ts'
import { batchMatMul } from './kernels/batch-matmul.ts'
import { comparisonKernels, logicalKernels } from './kernels/comparisons.ts'
import { conv2d, fusedConv2d } from './kernels/conv2d.ts'
import { conv2dBackpropFilter, conv2dBackpropInput } from './kernels/conv2d-backprop.ts'
import { cumsum } from './kernels/cumsum.ts'
import { depthwiseConv2d, fusedDepthwiseConv2d } from './kernels/depthwise.ts'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './kernels/depthwise-backprop.ts'
import { einsum } from './kernels/einsum.ts'
import { binaryKernels, unaryKernels } from './kernels/elementwise.ts'
import { fusedMatMul } from './kernels/fused-matmul.ts'
import { gatherKernel } from './kernels/gather.ts'
import { poolKernels } from './kernels/pool.ts'
import { powKernel } from './kernels/pow.ts'
import { reductionKernels } from './kernels/reductions.ts'
import { selectKernel } from './kernels/select.ts'
import { concatKernel, sliceKernel, tileKernel } from './kernels/slice.ts'
import { softmaxKernel } from './kernels/softmax.ts'
import { reverseKernel, splitKernel, stridedSliceKernel, unpackKernel } from './kernels/strided-slice.ts'
import { transposeKernel } from './kernels/transpose.ts'
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum.ts'
import { allOps } from './ops/all-ops.ts'

/** Every kernel that `useWasm` puts in place. A new kernel is one file, its test, and one line here. */
export const allKernels: readonly WasmKernel[] = [
  batchMatMul,
  fusedMatMul,
  unsortedSegmentSum,
  conv2d,
  fusedConv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseConv2d,
  fusedDepthwiseConv2d,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  ...poolKernels,
  cumsum,
  einsum,
  ...unaryKernels,
  ...binaryKernels,
  ...comparisonKernels,
  ...logicalKernels,
  powKernel,
  ...reductionKernels,
  selectKernel,
  softmaxKernel,
  transposeKernel,
  sliceKernel,
  stridedSliceKernel,
  reverseKernel,
  splitKernel,
  unpackKernel,
  gatherKernel,
  concatKernel,
  tileKernel,
  ...allOps,
]
