import { type Norm, paddingMask } from '@heddle/attention'
import { parseConfig } from '@heddle/core'
import {
  type Embedding,
  type Encoder,
  type EncoderContext,
  type EncoderOptions,
  type EncoderOutput,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { InputLayer, paddingIndex } from './input-layer.ts'
import type { TransformerEncoderLayer } from './layers/encoder-layer.ts'
import { LayerParts, transformerFields, xavierInitial } from './layers/layer-config.ts'
import { type PoolingKind, pool, poolingKind } from './pooling.ts'

// B batch, T time, D hidden size

export const transformerEncoderConfig = z.strictObject({
  ...transformerFields,
  paddingIndex,
  pooling: poolingKind.default('mean'),
  scaled: z
    .boolean()
    .default(true)
    .describe('whether token vectors are multiplied by the root of their size, as in the paper'),
  maxPositions: z
    .int()
    .min(1)
    .optional()
    .describe('number of steps that are read at most, for learned positions (default: those of the positions)'),
  causal: z
    .boolean()
    .default(false)
    .describe('whether a step sees no later one, so that outputs depend on the past alone'),
})
export type TransformerEncoderConfig = z.input<typeof transformerEncoderConfig>

/**
 * Encoder of Transformer layers: every step sees every other one, or with `causal` those before it.
 *
 *     outputs = norm(layers(input(source)))      [B, T, D]
 *     summary = pool(outputs)                    [B, D]
 *
 * With post-norm layers there is no norm at the end, as in the paper.
 *
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export class TransformerEncoder extends Module implements Encoder {
  readonly input: InputLayer
  readonly layers: readonly TransformerEncoderLayer[]
  readonly norm?: Norm
  readonly outputSize: number
  readonly summarySize: number
  readonly pooling: PoolingKind
  /** Number of steps that are read at most, where there is a limit. */
  readonly maxPositions?: number

  constructor(config: TransformerEncoderConfig, context: EncoderContext) {
    super()
    const { pooling, paddingIndex, causal, scaled, maxPositions, ...settings } = parseConfig(
      'TransformerEncoder',
      transformerEncoderConfig,
      config,
    )
    const { hiddenSize, numLayers, dropout } = settings
    const parts = new LayerParts(
      settings,
      { causal, initial: xavierInitial, ...(maxPositions !== undefined && { maxPositions }) },
      context,
    )
    const vectors = { standardDeviation: hiddenSize ** -0.5, scale: scaled ? hiddenSize ** 0.5 : 1 }
    this.input = new InputLayer(
      { input: context.input, hiddenSize, dropout, paddingIndex, ...vectors },
      parts.positions,
      context.rng,
    )
    this.layers = Array.from({ length: numLayers }, () => parts.encoderLayer())
    const norm = parts.finalNorm()
    if (norm !== undefined) this.norm = norm
    this.outputSize = hiddenSize
    this.summarySize = hiddenSize
    this.pooling = pooling
    if (maxPositions !== undefined) this.maxPositions = maxPositions
  }

  /** Capability: the table of token vectors, for a decoder that shares it. */
  get tokenVectors(): Embedding | undefined {
    return this.input.embedding
  }

  /** Capability: names under which `forward` reports the outputs of each layer, [B, T, D], with `observe`. */
  get layerOutputs(): readonly string[] {
    return this.layers.map((_, i) => `layer${i}`)
  }

  /** Capability: a pass may be causal. */
  get readsCausally(): true {
    return true
  }

  /** @param source tokens [B, T] of int32, vectors [B, T, I] or pictures [B, T, W, C], read row by row */
  override forward(source: tf.Tensor, { lengths, causal }: EncoderOptions = {}): EncoderOutput {
    let x = this.input.forward(source) // [B, T, D]
    observe(this, 'embedded', x)
    const [B, T] = x.shape as [number, number]
    const mask = lengths && paddingMask(lengths, T)
    for (const [i, layer] of this.layers.entries()) {
      x = layer.forward(x, mask, causal)
      observe(this, `layer${i}`, x)
    }
    const normed = this.norm === undefined ? x : this.norm.forward(x)
    const outputs = mask === undefined ? normed : tf.mul(normed, tf.reshape(tf.cast(mask, 'float32'), [B, T, 1]))
    return { outputs, summary: pool(this.pooling, outputs, mask), ...(mask && { mask }) }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { transformerEncoder } = await import('./pytorch/models.ts')
    return transformerEncoder(this, source)
  }
}
