import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { kaimingUniform, uniform, zeros } from './initializers.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'

// B batch, Y height, X width, I input channels, O output channels, K kernel size

export const conv2dConfig = z.strictObject({
  inputChannels: z.int().min(1).describe('numbers in each pixel of the input'),
  outputChannels: z.int().min(1).describe('numbers in each pixel of the output'),
  kernelSize: z.int().min(1).describe('height and width of the window, in pixels'),
  stride: z.int().min(1).default(1).describe('pixels by which the window moves'),
  padding: z.int().min(0).default(0).describe('rows and columns of zeros added on every side'),
  initializer: z
    .enum(['uniform', 'kaiming'])
    .default('uniform')
    .describe(
      "initial weights: 'uniform' keeps PyTorch's default, 'kaiming' keeps the variance when a ReLU follows (biases start at 0)",
    ),
})
export type Conv2DConfig = z.input<typeof conv2dConfig>

/**
 * Two-dimensional convolution over images with channels last; the window is not flipped, as in PyTorch.
 *
 * `weight` is [K, K, I, O] where PyTorch's is [O, I, K, K]. By default weight and bias start uniform in ±1/sqrt(I·K²), as in
 * PyTorch; with the initializer 'kaiming' the weight starts uniform in ±sqrt(6/(I·K²)) and the bias at zero.
 *
 * @see He et al. 2015, "Delving deep into rectifiers", for 'kaiming'
 */
export class Conv2D extends Module {
  readonly weight: Parameter // [K, K, I, O]
  readonly bias: Parameter // [O]
  readonly stride: number
  readonly padding: number

  constructor(config: Conv2DConfig, rng: RandomStream) {
    super()
    const parsed = parseConfig('Conv2D', conv2dConfig, config)
    const { inputChannels, outputChannels, kernelSize, stride, padding, initializer } = parsed
    const bound = 1 / Math.sqrt(inputChannels * kernelSize ** 2)
    const [initialWeight, initialBias] =
      initializer === 'kaiming' ? [kaimingUniform(), zeros] : [uniform(-bound, bound), uniform(-bound, bound)]
    this.weight = new Parameter([kernelSize, kernelSize, inputChannels, outputChannels], initialWeight, rng)
    this.bias = new Parameter([outputChannels], initialBias, rng)
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
