import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { type Initializer, uniform } from './initializers.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import type { PyTorchModule, PyTorchSource } from './pytorch/pytorch-module.ts'

// B batch, Y height, X width, I input channels, O output channels, K kernel size

export const conv2dConfig = z.strictObject({
  inputChannels: z.int().min(1).describe('numbers in each pixel of the input'),
  outputChannels: z.int().min(1).describe('numbers in each pixel of the output'),
  kernelSize: z.int().min(1).describe('height and width of the window, in pixels'),
  stride: z.int().min(1).default(1).describe('pixels by which the window moves'),
  padding: z.int().min(0).default(0).describe('rows and columns of zeros added on every side'),
  gain: z
    .number()
    .positive()
    .default(1)
    .describe('factor of the weights in each forward pass; √6 keeps the variance when a ReLU follows'),
})
export type Conv2DConfig = z.input<typeof conv2dConfig>

/**
 * Two-dimensional convolution over images with channels last; the window is not flipped, as in PyTorch.
 *
 *     y = conv(x, gain·weight) + bias
 *
 * `weight` is [K, K, I, O] where PyTorch's is [O, I, K, K]; weight and bias start uniform in ±1/sqrt(I·K²), as in PyTorch. A gain
 * also enlarges the steps that Adam makes on gain·weight.
 *
 * @see He et al. 2015, "Delving deep into rectifiers", for √6; Karras et al. 2018, "Progressive growing of GANs for improved
 * quality, stability, and variation", for a factor in the forward pass in place of larger initial values
 */
export class Conv2D extends Module {
  readonly weight: Parameter // [K, K, I, O]
  readonly bias: Parameter // [O]
  readonly stride: number
  readonly padding: number
  readonly gain: number

  /** @param initial initializers other than the default ones */
  constructor(
    config: Conv2DConfig,
    rng: RandomStream,
    initial: { readonly weight?: Initializer; readonly bias?: Initializer } = {},
  ) {
    super()
    const parsed = parseConfig('Conv2D', conv2dConfig, config)
    const { inputChannels, outputChannels, kernelSize, stride, padding, gain } = parsed
    const bound = 1 / Math.sqrt(inputChannels * kernelSize ** 2)
    const { weight = uniform(-bound, bound), bias = uniform(-bound, bound) } = initial
    this.weight = new Parameter([kernelSize, kernelSize, inputChannels, outputChannels], weight, rng)
    this.bias = new Parameter([outputChannels], bias, rng)
    this.stride = stride
    this.padding = padding
    this.gain = gain
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
    const weight = this.gain === 1 ? this.weight.value : tf.mul(this.gain, this.weight.value)
    const convolved = tf.conv2d(
      images as tf.Tensor4D,
      weight as tf.Tensor4D,
      this.stride,
      this.padding,
      'NHWC',
      1,
      'floor',
    )
    return tf.add(convolved, this.bias.value)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { conv2d } = await import('./pytorch/layers.ts')
    return conv2d(this, source)
  }
}
