import { HeddleError, parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { Conv2D } from '../conv2d.ts'
import { Dropout } from '../dropout.ts'
import { normal, zeros } from '../initializers.ts'
import { LayerNorm } from '../layer-norm.ts'
import { Linear } from '../linear.ts'
import { MaxPool2D } from '../max-pool2d.ts'
import { Module } from '../module.ts'
import { observe } from '../observe.ts'
import { Parameter } from '../parameter.ts'
import type { PyTorchModule, PyTorchSource } from '../pytorch/pytorch-module.ts'
import type { Encoder, EncoderContext, EncoderOutput } from './encoder.ts'

// B batch, H height, W width, C channels, R·Q rows and columns of regions, T = R·Q regions, D size of a region, M of the summary

/** Keeps the variance of PyTorch's initial weights through a convolution and a ReLU. */
const RELU_GAIN = Math.sqrt(6)

export const convolutionalEncoderConfig = z.strictObject({
  blocks: z
    .array(z.int().min(1))
    .min(1)
    .default([32, 64, 128])
    .describe('channels after each block; each block but the last also halves height and width'),
  summarySize: z.int().min(1).default(256).describe('size of the vector that stands for the whole picture'),
  dropout: z.number().min(0).max(1).default(0).describe('share of the region features that training sets to zero'),
})
export type ConvolutionalEncoderConfig = z.input<typeof convolutionalEncoderConfig>

/**
 * Reads a picture as a grid of regions.
 *
 *     x = relu(conv(x)), then 2×2 max pooling, block by block      [B, R, Q, D]
 *     outputs = x + positions                                      [B, R·Q, D]
 *     summary = tanh(norm(W·outputs of all regions + b))           [B, M]
 *
 * The layer norm keeps the sum over many regions from saturating the tanh.
 *
 * @see Xu et al. 2015, "Show, attend and tell: neural image caption generation with visual attention"
 */
export class ConvolutionalEncoder extends Module implements Encoder {
  readonly blocks: readonly Conv2D[]
  readonly pool = new MaxPool2D({ size: 2 })
  readonly positions: Parameter // [T, D]
  readonly summary: Linear // [T·D, M]
  readonly norm: LayerNorm
  readonly dropout: Dropout
  readonly outputSize: number
  readonly summarySize: number
  /** Rows and columns of the regions. */
  readonly grid: readonly [R: number, Q: number]
  readonly #shape: readonly [H: number, W: number, C: number]

  constructor(config: ConvolutionalEncoderConfig, { input, rng }: Pick<EncoderContext, 'input' | 'rng'>) {
    super()
    const { blocks, summarySize, dropout } = parseConfig('ConvolutionalEncoder', convolutionalEncoderConfig, config)
    if (!('height' in input)) {
      throw new HeddleError(
        'config',
        `ConvolutionalEncoder: expected pictures { height, width, channels } as input, got { ${Object.keys(input)} }. Use an encoder for tokens or vectors.`,
      )
    }
    const { height, width, channels = 3 } = input
    this.#shape = [height, width, channels]
    this.grid = regionGrid({ height, width, blocks })
    const T = this.grid[0] * this.grid[1]
    this.outputSize = blocks.at(-1)!
    this.summarySize = summarySize
    this.blocks = blocks.map(
      (outputChannels, i) =>
        new Conv2D(
          {
            inputChannels: blocks[i - 1] ?? channels,
            outputChannels,
            kernelSize: 3,
            padding: 1,
            gain: RELU_GAIN,
          },
          rng,
          { bias: zeros },
        ),
    )
    this.positions = new Parameter([T, this.outputSize], normal(0.02), rng, { table: true })
    this.summary = new Linear({ inputSize: T * this.outputSize, outputSize: summarySize }, rng)
    this.norm = new LayerNorm({ size: summarySize }, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
  }

  /** @param pictures [B, H, W, C], with a mean near 0 and a variance near 1 */
  override forward(pictures: tf.Tensor): EncoderOutput {
    const [H, W, C] = this.#shape
    if (pictures.rank !== 4 || pictures.shape.slice(1).join() !== [H, W, C].join()) {
      throw new HeddleError(
        'shape',
        `ConvolutionalEncoder: expected pictures [B, ${H}, ${W}, ${C}], got [${pictures.shape}].`,
      )
    }
    const B = pictures.shape[0]!
    let x = pictures
    for (const [i, block] of this.blocks.entries()) {
      x = tf.relu(block.forward(x))
      if (i < this.blocks.length - 1) x = this.pool.forward(x)
    }
    observe(this, 'regions', x) // [B, R, Q, D]
    const regions = tf.add(tf.reshape(x, [B, -1, this.outputSize]), this.positions.value) // [B, T, D]
    const outputs = this.dropout.forward(regions)
    const summary = tf.tanh(this.norm.forward(this.summary.forward(tf.reshape(outputs, [B, -1])))) // [B, M]
    return { outputs, summary }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { convolutionalEncoder } = await import('../pytorch/encoders.ts')
    return convolutionalEncoder(this, source)
  }
}

/**
 * Rows and columns of the regions into which {@link ConvolutionalEncoder} divides a picture.
 *
 * @throws HeddleError `config` for a picture that is too small for the number of blocks
 */
export function regionGrid({
  height,
  width,
  blocks,
}: {
  height: number
  width: number
  blocks: readonly number[]
}): readonly [R: number, Q: number] {
  const factor = 2 ** (blocks.length - 1)
  const grid = [Math.floor(height / factor), Math.floor(width / factor)] as const
  if (Math.min(...grid) < 1) {
    throw new HeddleError(
      'config',
      `ConvolutionalEncoder: expected at least ${factor} pixels a side for ${blocks.length} blocks, got ${height}x${width}. Use fewer blocks.`,
    )
  }
  return grid
}
