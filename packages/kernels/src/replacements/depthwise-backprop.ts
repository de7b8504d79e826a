import {
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { convolutionGradient, gradientInfo } from './convolution.ts'

/** The gradient of `tf.depthwiseConv2d` with respect to its filter, which tfjs's wasm backend lacks. */
export const depthwiseBackpropFilter = defineKernel(DepthwiseConv2dNativeBackpropFilter, (call) => {
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo }
  const filterShape = call.attrs['filterShape'] as number[]
  const info = gradientInfo('depthwiseConv2dBackpropFilter', x.shape, filterShape, dy, call.attrs, true)
  return convolutionGradient(call, 'depthwiseFilterGradient', info, x, dy, filterShape)
})

/** The gradient of `tf.depthwiseConv2d` with respect to its input, which tfjs's wasm backend lacks. */
export const depthwiseBackpropInput = defineKernel(DepthwiseConv2dNativeBackpropInput, (call) => {
  const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo }
  const inputShape = call.attrs['inputShape'] as number[]
  const info = gradientInfo('depthwiseConv2dBackpropInput', inputShape, filter.shape, dy, call.attrs, true)
  return convolutionGradient(call, 'depthwiseInputGradient', info, filter, dy, inputShape)
})
