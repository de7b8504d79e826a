// Written by `pnpm generate` from the kernels that src/fused and src/replacements export.
import type { WasmKernel } from './define-kernel.ts'
import { adamW } from './fused/adamw.ts'
import { decoderKernels } from './fused/additive-gru-decoder.ts'
import { attentionKernels } from './fused/attention.ts'
import { crossEntropyKernels } from './fused/cross-entropy.ts'
import { dropout } from './fused/dropout.ts'
import { embeddingKernels } from './fused/embedding.ts'
import { globalNorm } from './fused/global-norm.ts'
import { gruSequence } from './fused/gru-sequence.ts'
import { lstmSequence } from './fused/lstm-sequence.ts'
import { normalizeKernels } from './fused/normalize.ts'
import { pointwiseKernels } from './fused/pointwise.ts'
import { recurrentKernels } from './fused/recurrent.ts'
import { rnnSequence } from './fused/rnn-sequence.ts'
import { sgd } from './fused/sgd.ts'
import { batchMatMul } from './replacements/batch-matmul.ts'
import { comparisonKernels, logicalKernels } from './replacements/comparisons.ts'
import { conv2d, fusedConv2d } from './replacements/conv2d.ts'
import { conv2dBackpropFilter, conv2dBackpropInput } from './replacements/conv2d-backprop.ts'
import { cumsum } from './replacements/cumsum.ts'
import { depthwiseConv2d, fusedDepthwiseConv2d } from './replacements/depthwise.ts'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './replacements/depthwise-backprop.ts'
import { einsum } from './replacements/einsum.ts'
import { binaryKernels, unaryKernels } from './replacements/elementwise.ts'
import { fusedMatMul } from './replacements/fused-matmul.ts'
import { gatherKernel } from './replacements/gather.ts'
import { identity } from './replacements/identity.ts'
import { poolKernels } from './replacements/pool.ts'
import { powKernel } from './replacements/pow.ts'
import { reductionKernels } from './replacements/reductions.ts'
import { selectKernel } from './replacements/select.ts'
import { concatKernel, sliceKernel, tileKernel } from './replacements/slice.ts'
import { softmaxKernel } from './replacements/softmax.ts'
import { reverseKernel, splitKernel, stridedSliceKernel, unpackKernel } from './replacements/strided-slice.ts'
import { transposeKernel } from './replacements/transpose.ts'
import { unsortedSegmentSum } from './replacements/unsorted-segment-sum.ts'

/** Every kernel that `useWasm` puts in place. */
export const allKernels: readonly WasmKernel[] = [
  adamW,
  ...decoderKernels,
  ...attentionKernels,
  ...crossEntropyKernels,
  dropout,
  ...embeddingKernels,
  globalNorm,
  gruSequence,
  lstmSequence,
  ...normalizeKernels,
  ...pointwiseKernels,
  ...recurrentKernels,
  rnnSequence,
  sgd,
  batchMatMul,
  ...comparisonKernels,
  ...logicalKernels,
  conv2d,
  fusedConv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  cumsum,
  depthwiseConv2d,
  fusedDepthwiseConv2d,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  einsum,
  ...unaryKernels,
  ...binaryKernels,
  fusedMatMul,
  gatherKernel,
  identity,
  ...poolKernels,
  powKernel,
  ...reductionKernels,
  selectKernel,
  sliceKernel,
  concatKernel,
  tileKernel,
  softmaxKernel,
  stridedSliceKernel,
  reverseKernel,
  splitKernel,
  unpackKernel,
  transposeKernel,
  unsortedSegmentSum,
]
