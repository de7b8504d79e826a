import { BatchMatMul, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { matMul } from './matmul.ts'

/** `tf.matMul` for all four transpose cases and any batch, in place of XNNPACK and scalar loops. */
export const batchMatMul = defineKernel(BatchMatMul, ({ inputs, attrs, heap, run }) => {
  const { transposeA = false, transposeB = false } = attrs as { transposeA?: boolean; transposeB?: boolean }
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
  if (a.dtype !== 'int32' || b.dtype !== 'int32') return matMul('matMul', heap, a, b, { transposeA, transposeB })
  // Rare: as floats, exact as long as all sums stay below 2^24.
  const [x, y] = [a, b].map((tensor) => run('Cast', { x: tensor }, { dtype: 'float32' })) as [TensorInfo, TensorInfo]
  const product = matMul('matMul', heap, x, y, { transposeA, transposeB })
  const out = run('Cast', { x: product }, { dtype: 'int32' })
  for (const tensor of [x, y, product]) heap.dispose(tensor)
  return out
})
