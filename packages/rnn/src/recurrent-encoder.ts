import { paddingMask } from '@heddle/attention'
import { parseConfig } from '@heddle/core'
import {
  Dropout,
  dropoutRate,
  type Embedding,
  type Encoder,
  type EncoderContext,
  type EncoderOptions,
  type EncoderOutput,
  featureCount,
  layerCount,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { RecurrentState } from './cells/cell.ts'
import { inputLayer, readInput } from './input.ts'
import { type PoolingKind, pool, poolingKind } from './pooling.ts'
import type { Recurrent } from './recurrent.ts'
import { cellSpec, recurrentStack } from './stack.ts'

// B batch, S steps of the source, D directions, H hidden size

export const recurrentEncoderConfig = z.strictObject({
  embeddingSize: featureCount.default(128).describe('size of a token vector, where the input is tokens'),
  hiddenSize: featureCount.default(128).describe('size of the hidden state in each direction'),
  numLayers: layerCount.default(1).describe('number of recurrent layers, each on top of the one before'),
  cell: cellSpec.default('gru'),
  bidirectional: z.boolean().default(true).describe('whether the input is also read from its end'),
  dropout: dropoutRate('input vectors and between layers'),
  pooling: poolingKind.default('last'),
})
export type RecurrentEncoderConfig = z.input<typeof recurrentEncoderConfig>

/**
 * Encoder whose outputs are the hidden states of a recurrent network.
 *
 *     outputs = recurrent(embedding(tokens))      [B, S, D·H]
 *     summary = pool(outputs)                     [B, D·H]
 */
export class RecurrentEncoder extends Module implements Encoder {
  readonly embedding?: Embedding
  readonly dropout: Dropout
  readonly recurrent: Recurrent
  readonly outputSize: number
  readonly summarySize: number
  readonly stateSizes: readonly (readonly number[])[]
  readonly pooling: PoolingKind

  constructor(config: RecurrentEncoderConfig, context: EncoderContext) {
    super()
    const { embeddingSize, dropout, pooling, ...rest } = parseConfig('RecurrentEncoder', recurrentEncoderConfig, config)
    const { embedding, size } = inputLayer(context.input, embeddingSize, context.rng)
    if (embedding !== undefined) this.embedding = embedding
    this.dropout = new Dropout({ rate: dropout }, context.rng)
    this.recurrent = recurrentStack({ ...rest, inputSize: size, dropout }, context)
    this.outputSize = this.recurrent.outputSize
    this.summarySize = this.recurrent.outputSize
    this.stateSizes = this.recurrent.layers.map(({ forward, backward }) =>
      forward.stateSizes.map((size, i) => size + (backward?.stateSizes[i] ?? 0)),
    )
    this.pooling = pooling
  }

  /** @param source tokens [B, S] of int32, vectors [B, S, I] or pictures [B, S, W, C], read row by row */
  override forward(source: tf.Tensor, { lengths }: EncoderOptions = {}): EncoderOutput {
    const x = this.dropout.forward(readInput('RecurrentEncoder', this.embedding, source)) // [B, S, I]
    const { outputs, state } = this.recurrent.forward(x, lengths && { lengths })
    observe(this, 'outputs', outputs)
    const D = state.length / this.recurrent.layers.length
    const joined = D === 1 ? state : joinDirections(state) // by layer
    return {
      outputs,
      summary: this.pooling === 'last' ? joined.at(-1)![0]! : pool(this.pooling, { outputs, state }, D, lengths),
      state: joined,
      ...(lengths && { mask: paddingMask(lengths, outputs.shape[1]!) }),
    }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { recurrentEncoder } = await import('./pytorch/encoders.ts')
    return recurrentEncoder(this, source)
  }
}

/** States of the two directions of each layer, side by side. */
function joinDirections(state: readonly RecurrentState[]): readonly RecurrentState[] {
  return Array.from({ length: state.length / 2 }, (_, layer) =>
    state[2 * layer]!.map((tensor, i) => tf.concat([tensor, state[2 * layer + 1]![i]!], 1)),
  )
}
