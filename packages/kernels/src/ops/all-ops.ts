import type { WasmKernel } from '../define-kernel.ts'
import { adamW } from './adamw.ts'
import { decoderKernels } from './additive-gru-decoder.ts'
import { attentionKernels } from './attention.ts'
import { crossEntropyKernels } from './cross-entropy.ts'
import { dropout } from './dropout.ts'
import { embeddingKernels } from './embedding.ts'
import { globalNorm } from './global-norm.ts'
import { gruSequence } from './gru-sequence.ts'
import { identity } from './identity.ts'
import { lstmSequence } from './lstm-sequence.ts'
import { normalizeKernels } from './normalize.ts'
import { pointwiseKernels } from './pointwise.ts'
import { recurrentKernels } from './recurrent.ts'
import { rnnSequence } from './rnn-sequence.ts'
import { sgd } from './sgd.ts'

/** The kernels of Heddle's fused operations, and those that they run in their gradients. */
export const allOps: readonly WasmKernel[] = [
  ...[lstmSequence, gruSequence, rnnSequence, ...recurrentKernels, ...decoderKernels],
  ...attentionKernels,
  ...crossEntropyKernels,
  ...embeddingKernels,
  ...[adamW, sgd, globalNorm],
  dropout,
  ...normalizeKernels,
  ...pointwiseKernels,
  identity,
]
