import { BatchMatMul } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { matMul } from './matmul.ts'

/** `tf.matMul` for all four transpose cases and any batch, in place of XNNPACK and scalar loops. */
export const batchMatMul = defineKernel(BatchMatMul, ({ inputs, attrs, heap }) => {
  const { transposeA, transposeB } = attrs as { transposeA?: boolean; transposeB?: boolean }
  return matMul('matMul', heap, inputs['a']!, inputs['b']!, {
    transposeA: transposeA ?? false,
    transposeB: transposeB ?? false,
  })
})
