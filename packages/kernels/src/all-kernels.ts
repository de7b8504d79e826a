// Written by `pnpm generate` from the kernels that src/fused and src/replacements export.
import type { WasmKernel } from './define-kernel.ts'
import { adamW } from './fused/adamw.ts'
import { decoderKernels } from './fused/additive-gru-decoder.ts'
import { attentionKernels } from './fused/attention.ts'
import { cachedLayersKernels } from './fused/cached-layers.ts'
import { crossEntropyKernels } from './fused/cross-entropy.ts'
import { dropout } from './fused/dropout.ts'
import { embeddingKernels } from './fused/embedding.ts'
import { globalNorm } from './fused/global-norm.ts'
import { gruSequence } from './fused/gru-sequence.ts'
import { linearKernels } from './fused/linear.ts'
import { linearsKernels } from './fused/linears.ts'
import { lstmSequence } from './fused/lstm-sequence.ts'
import { muon } from './fused/muon.ts'
import { normalizeKernels } from './fused/normalize.ts'
import { pointwiseKernels } from './fused/pointwise.ts'
import { recurrentKernels } from './fused/recurrent.ts'
import { rnnSequence } from './fused/rnn-sequence.ts'
import { rotaryKernels } from './fused/rotary.ts'
import { sgd } from './fused/sgd.ts'
import { batchMatMul } from './replacements/batch-matmul.ts'
import { fusedBatchNorm } from './replacements/batch-norm.ts'
import { cast } from './replacements/cast.ts'
import { clipByValue } from './replacements/clip.ts'
import { comparisonKernels, logicalKernels } from './replacements/comparisons.ts'
import { conv2d, fusedConv2d } from './replacements/conv2d.ts'
import { conv2dBackpropFilter, conv2dBackpropInput } from './replacements/conv2d-backprop.ts'
import { bincount, denseBincount, searchSorted } from './replacements/counts.ts'
import { cropAndResize } from './replacements/crop-and-resize.ts'
import { cumprod } from './replacements/cumprod.ts'
import { cumsum } from './replacements/cumsum.ts'
import { depthToSpace } from './replacements/depth-to-space.ts'
import { depthwiseConv2d, fusedDepthwiseConv2d } from './replacements/depthwise.ts'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './replacements/depthwise-backprop.ts'
import { dilationKernels } from './replacements/dilation.ts'
import { einsum } from './replacements/einsum.ts'
import { binaryKernels, unaryKernels } from './replacements/elementwise.ts'
import { fusedMatMul } from './replacements/fused-matmul.ts'
import { gatherKernel } from './replacements/gather.ts'
import { addN, diag, fill, lrnKernels, multinomial, range, topK } from './replacements/guarded.ts'
import { identity } from './replacements/identity.ts'
import { suppressionKernels } from './replacements/non-max-suppression.ts'
import { oneHot } from './replacements/one-hot.ts'
import { mirrorPadKernel, padKernel } from './replacements/pad.ts'
import { flipLeftRight, resizeBilinearGradient, resizeKernels } from './replacements/pictures.ts'
import { plainBinaryKernels } from './replacements/plain-binary.ts'
import { logicalNot, plainUnaryKernels } from './replacements/plain-unary.ts'
import { poolKernels } from './replacements/pool.ts'
import { powKernel } from './replacements/pow.ts'
import { argumentKernels, rareReductionKernels, reductionKernels } from './replacements/reductions.ts'
import { resizeNearestNeighborGrad, rotateWithOffset, transform } from './replacements/resample.ts'
import { gatherNd, scatterNd, sparseToDense, tensorScatterUpdate } from './replacements/scatter.ts'
import { selectKernel } from './replacements/select.ts'
import { concatKernel, sliceKernel, tileKernel } from './replacements/slice.ts'
import { softmaxKernel } from './replacements/softmax.ts'
import { batchToSpace, spaceToBatch } from './replacements/space-to-batch.ts'
import { sparseFillEmptyRows, sparseReshape, sparseSegmentKernels } from './replacements/sparse.ts'
import { reverseKernel, splitKernel, stridedSliceKernel, unpackKernel } from './replacements/strided-slice.ts'
import { transposeKernel } from './replacements/transpose.ts'
import { unsortedSegmentSum } from './replacements/unsorted-segment-sum.ts'
import { conv3dKernels, maxPoolWithArgmax, pool3dKernels } from './replacements/volumes.ts'

/** Every kernel that `useWasm` puts in place. */
export const allKernels: readonly WasmKernel[] = [
  adamW,
  ...decoderKernels,
  ...attentionKernels,
  ...cachedLayersKernels,
  ...crossEntropyKernels,
  dropout,
  ...embeddingKernels,
  globalNorm,
  gruSequence,
  ...linearKernels,
  ...linearsKernels,
  lstmSequence,
  muon,
  ...normalizeKernels,
  ...pointwiseKernels,
  ...recurrentKernels,
  rnnSequence,
  ...rotaryKernels,
  sgd,
  batchMatMul,
  fusedBatchNorm,
  cast,
  clipByValue,
  ...comparisonKernels,
  ...logicalKernels,
  conv2d,
  fusedConv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  bincount,
  denseBincount,
  searchSorted,
  cropAndResize,
  cumprod,
  cumsum,
  depthToSpace,
  depthwiseConv2d,
  fusedDepthwiseConv2d,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  ...dilationKernels,
  einsum,
  ...unaryKernels,
  ...binaryKernels,
  fusedMatMul,
  gatherKernel,
  addN,
  diag,
  range,
  fill,
  topK,
  ...lrnKernels,
  multinomial,
  identity,
  ...suppressionKernels,
  oneHot,
  padKernel,
  mirrorPadKernel,
  flipLeftRight,
  ...resizeKernels,
  resizeBilinearGradient,
  ...plainBinaryKernels,
  ...plainUnaryKernels,
  logicalNot,
  ...poolKernels,
  powKernel,
  ...reductionKernels,
  ...rareReductionKernels,
  ...argumentKernels,
  transform,
  rotateWithOffset,
  resizeNearestNeighborGrad,
  scatterNd,
  tensorScatterUpdate,
  sparseToDense,
  gatherNd,
  selectKernel,
  sliceKernel,
  concatKernel,
  tileKernel,
  softmaxKernel,
  batchToSpace,
  spaceToBatch,
  ...sparseSegmentKernels,
  sparseFillEmptyRows,
  sparseReshape,
  stridedSliceKernel,
  reverseKernel,
  splitKernel,
  unpackKernel,
  transposeKernel,
  unsortedSegmentSum,
  ...pool3dKernels,
  maxPoolWithArgmax,
  ...conv3dKernels,
]
