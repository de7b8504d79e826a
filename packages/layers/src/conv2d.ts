import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { uniform } from './initializers.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'

// B batch, Y height, X width, I input channels, O output channels, K kernel size

export const conv2dConfig = z.strictObject({
  inputChannels: z.int().min(1).describe('channels of the input'),
  outputChannels: z.int().min(1).describe('channels of the output'),
  kernelSize: z.int().min(1).describe('height and width of the window'),
  stride: z.int().min(1).default(1).describe('step of the window'),
  padding: z.int().min(0).default(0).describe('zeros added on every side'),
})
export type Conv2DConfig = z.input<typeof conv2dConfig>

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in the field) over images with channels last.
 *
 * `weight` is [K, K, I, O] where PyTorch's is [O, I, K, K]; both start uniform in ±1/sqrt(I·K²), as in PyTorch.
 */
export class Conv2D extends Module {
  readonly weight: Parameter // [K, K, I, O]
  readonly bias: Parameter // [O]
  readonly stride: number
  readonly padding: number

  constructor(config: Conv2DConfig, rng: RandomStream) {
    super()
    const { inputChannels, outputChannels, kernelSize, stride, padding } = parseConfig('Conv2D', conv2dConfig, config)
    const bound = 1 / Math.sqrt(inputChannels * kernelSize ** 2)
    this.weight = new Parameter([kernelSize, kernelSize, inputChannels, outputChannels], uniform(-bound, bound), rng)
    this.bias = new Parameter([outputChannels], uniform(-bound, bound), rng)
    this.stride = stride
    this.padding = padding
  }

  /**
   * @param images [B, Y, X, I]
   * @returns [B, floor((Y + 2·padding - K) / stride) + 1, likewise for X, O]
   */
  forward(images: tf.Tensor): tf.Tensor {
    const [K, , I] = this.weight.shape as [number, number, number]
    const [, Y, X, channels] = images.shape
    if (images.shape.length !== 4 || channels !== I) {
      throw new HeddleError('shape', `Conv2D: expected images [B, Y, X, ${I}], got [${images.shape}].`)
    }
    if (Math.min(Y!, X!) + 2 * this.padding < K) {
      throw new HeddleError(
        'shape',
        `Conv2D: expected images of at least ${K - 2 * this.padding} pixels a side, got [${images.shape}]. Use a smaller kernel or more padding.`,
      )
    }
    const weight = this.weight.value as unknown as tf.Tensor4D
    const convolved = tf.conv2d(images as tf.Tensor4D, weight, this.stride, this.padding, 'NHWC', 1, 'floor')
    return tf.add(convolved, this.bias.value)
  }
}
