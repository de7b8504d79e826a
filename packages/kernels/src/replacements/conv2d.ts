import { Conv2D, FusedConv2D, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { Activation } from '../generated/exports.ts'
import { sizeOf } from '../heap.ts'
import { channelsLast, convolutionArguments, convolutionInfo } from './convolution.ts'
import { type FusedFinish, fusedFinish } from './fused-finish.ts'

/**
 * `tf.conv2d`. tfjs's own kernel packs a filter once for every tensor, and so overlooks what an optimizer that works in place
 * has changed.
 */
export const conv2d = defineKernel(Conv2D, (call) => {
  const { x } = call.inputs as { x: TensorInfo }
  if (call.attrs['dataFormat'] !== 'NCHW')
    return convolve('conv2d', call, x, call.attrs, { activation: Activation.LINEAR })
  return channelsLast(call, 'channelsFirst', [x], true, ([xLast]) =>
    convolve('conv2d', call, xLast!, lastAttrs(call.attrs), { activation: Activation.LINEAR }),
  )
})

/** `tf.fused.conv2d`: a bias of one number a channel and the common activations cost no pass of their own. */
export const fusedConv2d = defineKernel(FusedConv2D, (call) => {
  const { x, filter } = call.inputs as { x: TensorInfo; filter: TensorInfo }
  const finishOf = (given: KernelCall) => fusedFinish('fused.conv2d', given, filter.shape.at(-1)!)
  if (call.attrs['dataFormat'] !== 'NCHW') {
    const finish = finishOf(call)
    return finish.rest(convolve('fused.conv2d', call, x, call.attrs, finish))
  }
  // Bias and weights of more than one dimension have their channels first as well.
  const turned = Object.entries(call.inputs).flatMap(([name, tensor]) =>
    (name === 'bias' || name === 'preluActivationWeights') && tensor?.shape.length === 3
      ? [[name, call.run('Transpose', { x: tensor }, { perm: [1, 2, 0] })] as const]
      : [],
  )
  const finish = finishOf({ ...call, inputs: { ...call.inputs, ...Object.fromEntries(turned) } })
  const out = channelsLast(call, 'channelsFirst', [x], true, ([xLast]) =>
    finish.rest(convolve('fused.conv2d', call, xLast!, lastAttrs(call.attrs), finish)),
  )
  for (const [, tensor] of turned) call.heap.dispose(tensor)
  return out
})

/** The attributes for the same images with the channels last. */
function lastAttrs(attrs: NamedAttrMap): NamedAttrMap {
  const pad = attrs['pad'] as string | number | number[][]
  const padLast = (Array.isArray(pad) ? [pad[0], pad[2], pad[3], pad[1]] : pad) as never
  return { ...attrs, pad: padLast, dataFormat: 'NHWC' }
}

type Finish = Pick<FusedFinish, 'bias' | 'activation'> & Partial<Pick<FusedFinish, 'leakyReluAlpha'>>

/** activation(conv(x, filter) + bias) for x [N, H, W, I]. */
function convolve(
  where: string,
  { inputs, heap }: KernelCall,
  x: TensorInfo,
  attrs: KernelCall['attrs'],
  { bias, activation, leakyReluAlpha = 0 }: Finish,
): TensorInfo {
  const filter = inputs['filter']!
  const info = convolutionInfo(where, x, filter, attrs)
  if (bias !== undefined && bias.dtype !== 'float32') {
    throw new KernelError('shape', `${where}: expected bias float32 [${filter.shape[3]}], got ${bias.dtype}.`)
  }
  const out = heap.makeOutput(info.outShape)
  if (sizeOf(out.shape) === 0) return out
  const pixels = info.batchSize * info.outHeight * info.outWidth
  const windowSize = info.filterHeight * info.filterWidth * info.inChannels
  const bytes = heap.exports.convForwardBytes(pixels, windowSize, info.outChannels)
  const workspace = heap.makeOutput([bytes >>> 2])
  heap.exports.convForward({
    ...convolutionArguments(heap, info, x, filter, out, workspace),
    ...{ bias: bias === undefined ? 0 : heap.addressOf(bias), activation, alpha: leakyReluAlpha },
  })
  heap.dispose(workspace)
  return out
}
