import { _FusedMatMul, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { foldedActivations, matMul } from './matmul.ts'

/** `tf.fused.matMul`: a bias of [N] and the common activations cost no pass of their own; the rest run as kernels behind. */
export const fusedMatMul = defineKernel(_FusedMatMul, ({ inputs, attrs, heap, run }) => {
  const { transposeA, transposeB, activation, leakyreluAlpha } = attrs as {
    transposeA?: boolean
    transposeB?: boolean
    activation?: string
    leakyreluAlpha?: number
  }
  const { a, b, bias, preluActivationWeights } = inputs as { a: TensorInfo; b: TensorInfo } & Record<
    'bias' | 'preluActivationWeights',
    TensorInfo | undefined
  >
  const name = activation ?? 'linear'
  const folded = foldedActivations[name]
  if (folded === undefined && (name !== 'prelu' || preluActivationWeights === undefined)) {
    throw new KernelError(
      'usage',
      `fused.matMul: expected activation ${Object.keys(foldedActivations).join(', ')} or prelu with its weights, got ${name}. Apply it as an operation of its own.`,
    )
  }
  const N = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!
  const rowBias = bias === undefined || (sizeOf(bias.shape) === N && (bias.shape.at(-1) ?? 1) === N)
  const early = rowBias && folded !== undefined ? folded : 0
  let out = matMul('fused.matMul', heap, a, b, {
    transposeA: transposeA ?? false,
    transposeB: transposeB ?? false,
    ...(bias !== undefined && rowBias ? { bias } : {}),
    activation: early,
    leakyReluAlpha: leakyreluAlpha ?? 0.2,
  })
  const then = (kernelName: string, more: Record<string, TensorInfo>, input: string, extra = {}) => {
    const next = run(kernelName, { [input]: out, ...more }, extra)
    heap.dispose(out)
    out = next
  }
  if (!rowBias) {
    then('Add', { b: bias! }, 'a')
    if (name === 'relu') then('Relu', {}, 'x')
    else if (name === 'relu6') then('Relu6', {}, 'x')
    else if (name === 'elu') then('Elu', {}, 'x')
    else if (name === 'sigmoid') then('Sigmoid', {}, 'x')
    else if (name === 'leakyrelu') then('LeakyRelu', {}, 'x', { alpha: leakyreluAlpha ?? 0.2 })
  }
  if (name === 'prelu') then('Prelu', { alpha: preluActivationWeights! }, 'x')
  return out
})
