import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import { Dropout, initializers, LayerNorm, Linear, MaxPool2D, observe, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { type EncodedSource, SequenceEncoder } from '../recurrent-encoder.ts'
import { RectifiedConv2D } from './rectified-conv2d.ts'

// B batch, H height, W width, C channels, R·Q rows and columns of regions, S = R·Q regions, M size of a region

export const convolutionalEncoderConfig = z.strictObject({
  height: z.int().min(1).describe('pixels of a column'),
  width: z.int().min(1).describe('pixels of a row'),
  channels: z.int().min(1).default(3).describe('numbers of a pixel'),
  blocks: z
    .array(z.int().min(1))
    .min(1)
    .default([32, 64, 128])
    .describe('channels of each block of convolutions; all blocks but the last halve the picture'),
  summarySize: z.int().min(1).default(256).describe('features of the whole picture'),
  dropout: z.number().min(0).max(1).default(0).describe('dropout of regions and summary'),
})
export type ConvolutionalEncoderConfig = z.input<typeof convolutionalEncoderConfig>

/**
 * Reads a picture as a grid of regions: convolutions make the regions, a vector for its place is added to each, and the decoder
 * starts from a summary of all of them.
 *
 * @see Xu et al. 2015, "Show, attend and tell: neural image caption generation with visual attention"
 */
export class ConvolutionalEncoder extends SequenceEncoder {
  readonly blocks: readonly RectifiedConv2D[]
  readonly pool = new MaxPool2D({ size: 2 })
  readonly positions: Parameter // [S, M]
  readonly summary: Linear // [S·M, summarySize]
  /** Keeps the summary of so many inputs from saturating. */
  readonly norm: LayerNorm
  readonly dropout: Dropout
  readonly memorySize: number
  readonly stateSizes: readonly (readonly number[])[]
  /** Rows and columns of the regions. */
  readonly grid: readonly [R: number, Q: number]
  readonly #shape: readonly [H: number, W: number, C: number]

  constructor(config: ConvolutionalEncoderConfig, rng: RandomStream) {
    super()
    const parsed = parseConfig('ConvolutionalEncoder', convolutionalEncoderConfig, config)
    const { height, width, channels, blocks, summarySize, dropout } = parsed
    this.#shape = [height, width, channels]
    this.grid = regionGrid(parsed)
    const S = this.grid[0] * this.grid[1]
    this.memorySize = blocks.at(-1)!
    this.blocks = blocks.map((size, i) => new RectifiedConv2D(blocks[i - 1] ?? channels, size, rng))
    this.positions = new Parameter([S, this.memorySize], initializers.normal(0.02), rng)
    this.summary = new Linear({ inputSize: S * this.memorySize, outputSize: summarySize }, rng)
    this.norm = new LayerNorm({ size: summarySize }, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.stateSizes = [[summarySize]]
  }

  /** @param source [B, H, W, C], of mean 0 and variance 1 or so */
  override forward(source: tf.Tensor): EncodedSource {
    const [H, W, C] = this.#shape
    if (source.rank !== 4 || source.shape.slice(1).join() !== [H, W, C].join()) {
      throw new HeddleError(
        'shape',
        `ConvolutionalEncoder: expected pictures [B, ${H}, ${W}, ${C}], got [${source.shape}].`,
      )
    }
    const B = source.shape[0]!
    let x = source
    for (const [i, block] of this.blocks.entries()) {
      x = block.forward(x)
      if (i < this.blocks.length - 1) x = this.pool.forward(x)
    }
    observe(this, 'regions', x) // [B, R, Q, M]
    const regions = tf.add(tf.reshape(x, [B, -1, this.memorySize]), this.positions.value) // [B, S, M]
    const memory = this.dropout.forward(regions)
    const summary = tf.tanh(this.norm.forward(this.summary.forward(tf.reshape(memory, [B, -1])))) // [B, summarySize]
    return { memory, state: [[summary]] }
  }
}

/**
 * Rows and columns of regions that a picture is read as.
 *
 * @throws HeddleError `config` for a picture too small for so many blocks
 */
export function regionGrid({ height, width, blocks }: { height: number; width: number; blocks: readonly number[] }) {
  const halved = (size: number) => Math.floor(size / 2 ** (blocks.length - 1))
  const grid: [number, number] = [halved(height), halved(width)]
  if (Math.min(...grid) < 1) {
    throw new HeddleError(
      'config',
      `ConvolutionalEncoder: expected at least ${2 ** (blocks.length - 1)} pixels a side for ${blocks.length} blocks, got ${height}x${width}. Use fewer blocks.`,
    )
  }
  return grid
}
