import { paddingMask } from '@heddle/attention'
import { parseConfig } from '@heddle/core'
import { type BuildContext, Dropout, type Embedding, Module, observe } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import type { RecurrentState } from './cells/cell.ts'
import { inputLayer, readInput, sequenceInput } from './input.ts'
import type { Recurrent } from './recurrent.ts'
import { cellSpec, recurrentStack } from './stack.ts'

// B batch, S steps of the source, M size of a step of the memory

/** What a decoder gets to know of the source. */
export interface EncodedSource {
  /** [B, S, M] */
  readonly memory: tf.Tensor
  /** The steps of the memory that are real, [B, S], bool; all of them when left out. */
  readonly mask?: tf.Tensor
  /** Final state of each layer, both directions joined; none for encoders without a state. */
  readonly state: readonly RecurrentState[]
}

/** Makes a memory from a source. A source may be anything: words, frames of sound, regions of an image. */
export abstract class SequenceEncoder extends Module {
  abstract readonly memorySize: number
  /** Sizes of the state tensors of each layer; empty for encoders without a state. */
  abstract readonly stateSizes: readonly (readonly number[])[]

  /** @param lengths [B], int32: steps of the source that are real */
  abstract override forward(source: tf.Tensor, lengths?: tf.Tensor): EncodedSource
}

export const recurrentEncoderConfig = z.strictObject({
  input: sequenceInput,
  hiddenSize: z.int().min(1).describe('features of the hidden state of each direction'),
  cell: cellSpec.default('gru'),
  numLayers: z.int().min(1).default(1).describe('recurrent layers'),
  bidirectional: z.boolean().default(false).describe('whether the source is also read from its end'),
  dropout: z.number().min(0).max(1).default(0).describe('dropout of the input vectors and between layers'),
})
export type RecurrentEncoderConfig = z.input<typeof recurrentEncoderConfig>

/** An encoder whose memory is the hidden states of a recurrent network. */
export class RecurrentEncoder extends SequenceEncoder {
  readonly embedding?: Embedding
  readonly dropout: Dropout
  readonly recurrent: Recurrent
  readonly memorySize: number
  readonly stateSizes: readonly (readonly number[])[]

  constructor(config: RecurrentEncoderConfig, context: BuildContext) {
    super()
    const { input, dropout, ...rest } = parseConfig('RecurrentEncoder', recurrentEncoderConfig, config)
    const { embedding, size } = inputLayer(input, context.rng)
    if (embedding !== undefined) this.embedding = embedding
    this.dropout = new Dropout({ rate: dropout }, context.rng)
    this.recurrent = recurrentStack({ ...rest, inputSize: size, dropout }, context)
    this.memorySize = this.recurrent.outputSize
    this.stateSizes = this.recurrent.layers.map(({ forward, backward }) =>
      forward.stateSizes.map((size, i) => size + (backward?.stateSizes[i] ?? 0)),
    )
  }

  /** @param source [B, S] of int32, or [B, S, I] */
  override forward(source: tf.Tensor, lengths?: tf.Tensor): EncodedSource {
    const x = this.dropout.forward(readInput('RecurrentEncoder', this.embedding, source)) // [B, S, I]
    const { outputs, state } = this.recurrent.forward(x, lengths && { lengths })
    observe(this, 'memory', outputs)
    return {
      memory: outputs,
      state: this.#joined(state),
      ...(lengths && { mask: paddingMask(lengths, outputs.shape[1]!) }),
    }
  }

  #joined(state: readonly RecurrentState[]): readonly RecurrentState[] {
    const D = state.length / this.recurrent.layers.length
    if (D === 1) return state
    return this.recurrent.layers.map((_, layer) =>
      state[layer * D]!.map((tensor, i) => tf.concat([tensor, state[layer * D + 1]![i]!], 1)),
    )
  }
}
