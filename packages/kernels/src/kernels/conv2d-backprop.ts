import { Conv2D, Conv2DBackpropFilter, Conv2DBackpropInput, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { channelsLast, convolutionGradient, convolutionInfo } from './convolution.ts'

/** `tf.conv2d` by tfjs's own kernel, which wants the channels last. */
export const conv2d = defineKernel(Conv2D, (call) => {
  const { x, filter } = call.inputs as { x: TensorInfo; filter: TensorInfo }
  if (call.attrs['dataFormat'] !== 'NCHW') return call.stock()
  const pad = call.attrs['pad'] as string | number | number[][]
  const padLast = (Array.isArray(pad) ? [pad[0], pad[2], pad[3], pad[1]] : pad) as never
  return channelsLast(call, 'channelsFirst', [x], true, ([xLast]) =>
    call.run(Conv2D, { x: xLast!, filter }, { ...call.attrs, pad: padLast, dataFormat: 'NHWC' }),
  )
})

/** The gradient of `tf.conv2d` with respect to its filter, which tfjs's wasm backend lacks. */
export const conv2dBackpropFilter = defineKernel(Conv2DBackpropFilter, (call) => {
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo }
  const filterShape = call.attrs['filterShape'] as number[]
  const info = convolutionInfo('conv2dBackpropFilter', x.shape, filterShape, dy, call.attrs)
  return channelsLast(call, info.dataFormat, [x, dy], false, ([xLast, dyLast]) =>
    convolutionGradient(call, 'convFilterGradient', info, xLast!, dyLast!, filterShape),
  )
})

/** The gradient of `tf.conv2d` with respect to its input, in place of tfjs's scalar loops; also `tf.conv2dTranspose`. */
export const conv2dBackpropInput = defineKernel(Conv2DBackpropInput, (call) => {
  const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo }
  const inputShape = call.attrs['inputShape'] as number[]
  const info = convolutionInfo('conv2dBackpropInput', inputShape, filter.shape, dy, call.attrs)
  const { batchSize, inHeight, inWidth, inChannels } = info
  return channelsLast(call, info.dataFormat, [dy], true, ([dyLast]) =>
    convolutionGradient(call, 'convInputGradient', info, filter, dyLast!, [batchSize, inHeight, inWidth, inChannels]),
  )
})
