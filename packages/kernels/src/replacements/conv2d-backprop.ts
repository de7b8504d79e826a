import { Conv2DBackpropFilter, Conv2DBackpropInput, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { channelsLast, convolutionGradient, gradientInfo } from './convolution.ts'

/** The gradient of `tf.conv2d` with respect to its filter, which tfjs's wasm backend lacks. */
export const conv2dBackpropFilter = defineKernel(Conv2DBackpropFilter, (call) => {
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo }
  const filterShape = call.attrs['filterShape'] as number[]
  const info = gradientInfo('conv2dBackpropFilter', x.shape, filterShape, dy, call.attrs)
  return channelsLast(call, info.dataFormat, [x, dy], false, ([xLast, dyLast]) =>
    convolutionGradient(call, 'convFilterGradient', info, xLast!, dyLast!, filterShape),
  )
})

/** The gradient of `tf.conv2d` with respect to its input, in place of tfjs's scalar loops; also `tf.conv2dTranspose`. */
export const conv2dBackpropInput = defineKernel(Conv2DBackpropInput, (call) => {
  const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo }
  const inputShape = call.attrs['inputShape'] as number[]
  const info = gradientInfo('conv2dBackpropInput', inputShape, filter.shape, dy, call.attrs)
  const { batchSize, inHeight, inWidth, inChannels } = info
  return channelsLast(call, info.dataFormat, [dy], true, ([dyLast]) =>
    convolutionGradient(call, 'convInputGradient', info, filter, dyLast!, [batchSize, inHeight, inWidth, inChannels]),
  )
})
