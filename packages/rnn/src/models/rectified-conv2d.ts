import type { RandomStream } from '@heddle/core'
import { initializers, Module, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, H height, W width, I input channels, O output channels

const KERNEL_SIZE = 3

/**
 * Weights start with variance 1 / 3n for n inputs, as in PyTorch, which loses contrast in every layer; with ReLU it is kept by 2 / n.
 *
 * @see He et al. 2015, "Delving deep into rectifiers"
 */
const GAIN = Math.sqrt(6)

/** A convolution that keeps the picture's size, then a ReLU: y = max(0, conv(x, √6·weight) + bias). */
export class RectifiedConv2D extends Module {
  readonly weight: Parameter // [3, 3, I, O]
  readonly bias: Parameter // [O]

  constructor(inputChannels: number, outputChannels: number, rng: RandomStream) {
    super()
    const bound = 1 / Math.sqrt(inputChannels * KERNEL_SIZE ** 2)
    const shape = [KERNEL_SIZE, KERNEL_SIZE, inputChannels, outputChannels]
    this.weight = new Parameter(shape, initializers.uniform(-bound, bound), rng)
    this.bias = new Parameter([outputChannels], initializers.zeros, rng)
  }

  /**
   * @param x [B, H, W, I]
   * @returns [B, H, W, O]
   */
  override forward(x: tf.Tensor): tf.Tensor {
    const weight = tf.mul(GAIN, this.weight.value) as tf.Tensor4D
    return tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, weight, 1, 'same'), this.bias.value))
  }
}
