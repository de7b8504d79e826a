import { _FusedMatMul, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { fusedFinish } from './fused-finish.ts'
import { matMul } from './matmul.ts'

/** `tf.fused.matMul`: a bias of [N] and the common activations cost no pass of their own; the rest run as kernels behind. */
export const fusedMatMul = defineKernel(_FusedMatMul, (call) => {
  const { transposeA = false, transposeB = false } = call.attrs as { transposeA?: boolean; transposeB?: boolean }
  const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo }
  const N = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!
  const { rest, ...finish } = fusedFinish('fused.matMul', call, N)
  return rest(matMul('fused.matMul', call.heap, a, b, { transposeA, transposeB, ...finish }))
})
