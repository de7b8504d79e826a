import { DepthwiseConv2dNative, FusedDepthwiseConv2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { Activation } from '../generated/exports.ts'
import { sizeOf } from '../heap.ts'
import { convolutionArguments, convolutionInfo } from './convolution.ts'
import { type FusedFinish, fusedFinish } from './fused-finish.ts'

/** `tf.depthwiseConv2d`. Like `tf.conv2d`'s, tfjs's own kernel overlooks what has changed in the memory of a filter. */
export const depthwiseConv2d = defineKernel(DepthwiseConv2dNative, (call) =>
  convolve('depthwiseConv2d', call, { activation: Activation.LINEAR }),
)

/** `tf.fused.depthwiseConv2d`. */
export const fusedDepthwiseConv2d = defineKernel(FusedDepthwiseConv2D, (call) => {
  const [channels, multiplier] = call.inputs['filter']!.shape.slice(2) as [number, number]
  const finish = fusedFinish('fused.depthwiseConv2d', call, channels * multiplier)
  return finish.rest(convolve('fused.depthwiseConv2d', call, finish))
})

type Finish = Pick<FusedFinish, 'bias' | 'activation'> & Partial<Pick<FusedFinish, 'leakyReluAlpha'>>

function convolve(
  where: string,
  { inputs, attrs, heap }: KernelCall,
  { bias, activation, leakyReluAlpha = 0 }: Finish,
): TensorInfo {
  const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo }
  if ((attrs['dataFormat'] ?? 'NHWC') !== 'NHWC') {
    throw new KernelError(
      'usage',
      `${where}: expected dataFormat NHWC, got ${attrs['dataFormat']}. Transpose the images.`,
    )
  }
  const info = convolutionInfo(where, x, filter, attrs, true)
  if (bias !== undefined && bias.dtype !== 'float32') {
    throw new KernelError('shape', `${where}: expected bias float32 [${info.outChannels}], got ${bias.dtype}.`)
  }
  const out = heap.makeOutput(info.outShape)
  if (sizeOf(out.shape) === 0) return out
  const spread = info.outChannels === info.inChannels ? 0 : sizeOf(x.shape.slice(0, 3)) * info.outChannels
  const workspace = heap.makeOutput([spread])
  heap.exports.depthwiseForward({
    ...convolutionArguments(heap, info, x, filter, out, workspace),
    ...{ bias: bias === undefined ? 0 : heap.addressOf(bias), activation, alpha: leakyReluAlpha },
  })
  heap.dispose(workspace)
  return out
}
