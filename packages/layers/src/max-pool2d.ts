import { HeddleError, parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { Module } from './module.ts'
import type { PyTorchModule, PyTorchSource } from './pytorch/pytorch-module.ts'

export const maxPool2dConfig = z.strictObject({
  size: z.int().min(1).describe('height and width of the window, in pixels'),
  stride: z.int().min(1).optional().describe('pixels by which the window moves; its size by default'),
})
export type MaxPool2DConfig = z.input<typeof maxPool2dConfig>

/** Max pooling: the largest value of every window, channel by channel. An incomplete window at the border is left out. */
export class MaxPool2D extends Module {
  readonly size: number
  readonly stride: number

  constructor(config: MaxPool2DConfig) {
    super()
    const { size, stride } = parseConfig('MaxPool2D', maxPool2dConfig, config)
    this.size = size
    this.stride = stride ?? size
  }

  /**
   * @param images [B, Y, X, C]
   * @returns [B, floor((Y - size) / stride) + 1, likewise for X, C]
   */
  forward(images: tf.Tensor): tf.Tensor {
    if (images.shape.length !== 4)
      throw new HeddleError('shape', `MaxPool2D: expected images [B, Y, X, C], got [${images.shape}].`)
    return tf.maxPool(images as tf.Tensor4D, this.size, this.stride, 0, 'floor')
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { maxPool2d } = await import('./pytorch/layers.ts')
    return maxPool2d(this, source)
  }
}
