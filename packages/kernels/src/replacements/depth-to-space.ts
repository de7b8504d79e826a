import { DepthToSpace, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'

/** `tf.depthToSpace` as a transposition, of any dtype; tfjs's own kernel calls integers floats. */
export const depthToSpace = defineKernel(DepthToSpace, ({ inputs, attrs, run }) => {
  const { x } = inputs as { x: TensorInfo }
  const { blockSize: S, dataFormat } = attrs as { blockSize: number; dataFormat: 'NHWC' | 'NCHW' }
  const last = dataFormat === 'NHWC'
  const [B, first, second, third] = x.shape as [number, number, number, number]
  const [H, W, D] = last ? [first, second, third] : [second, third, first]
  const depth = D / (S * S)
  if (x.shape.length !== 4 || !Number.isInteger(depth)) {
    throw new KernelError(
      'shape',
      `depthToSpace: expected channels that ${S}² divides, got [${x.shape}] as ${dataFormat}.`,
    )
  }
  const split: TensorInfo = { ...x, shape: last ? [B, H, W, S, S, depth] : [B, S, S, depth, H, W] }
  const out = run('Transpose', { x: split }, { perm: last ? [0, 1, 3, 2, 4, 5] : [0, 3, 4, 1, 5, 2] })
  return { ...out, shape: last ? [B, H * S, W * S, depth] : [B, depth, H * S, W * S] }
})
