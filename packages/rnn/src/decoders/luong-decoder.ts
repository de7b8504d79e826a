import type { MemoryAttention } from '@heddle/attention'
import { type BuildContext, Linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'
import type { EncodedSource } from '../recurrent-encoder.ts'
import { recurrentStack } from '../stack.ts'
import { type DecoderFeatures, type DecoderState, RecurrentDecoder } from './decoder.ts'
import { type AttendingDecoderConfig, decoderAttention } from './decoder-config.ts'

// B batch, T steps of the target, S steps of the source, E embedding size, H hidden size, M memory size

/**
 * A decoder that attends after each step.
 *
 *     h_t = recurrent(embedding(token_t), h_{t-1})
 *     context_t = attention(h_t, memory)
 *     a_t = tanh(combine([context_t, h_t])), which the output layer reads
 *
 * In the style 'luong-input-feeding' the recurrent layers read [embedding(token_t), a_{t-1}].
 *
 * @see Luong et al. 2015, "Effective approaches to attention-based neural machine translation"
 */
export class LuongDecoder extends RecurrentDecoder {
  readonly attention: MemoryAttention
  readonly recurrent: Recurrent
  readonly combine: Linear // [M + H, H]
  readonly inputFeeding: boolean

  constructor(config: AttendingDecoderConfig, memorySize: number, context: BuildContext) {
    const { cell, vocabSize, embeddingSize, hiddenSize, numLayers, dropout, attention, style } = config
    super({ vocabSize, embeddingSize, featureSize: hiddenSize, dropout }, context.rng)
    this.inputFeeding = style === 'luong-input-feeding'
    this.attention = decoderAttention(attention, { ...context, querySize: hiddenSize, memorySize })
    const inputSize = embeddingSize + (this.inputFeeding ? hiddenSize : 0)
    this.recurrent = recurrentStack({ cell, inputSize, hiddenSize, numLayers, dropout }, context)
    this.combine = new Linear({ inputSize: memorySize + hiddenSize, outputSize: hiddenSize, bias: false }, context.rng)
  }

  override start(layers: readonly RecurrentState[], { memory, mask }: EncodedSource): DecoderState {
    const source = this.attention.prepare(memory, mask)
    return { layers, source, ...(this.inputFeeding && { feed: tf.zerosLike(layers.at(-1)![0]!) }) }
  }

  protected override advance(embedded: tf.Tensor, state: DecoderState): DecoderFeatures {
    const input = state.feed === undefined ? embedded : tf.concat([embedded, state.feed], 1)
    const { output, state: layers } = this.recurrent.step(input, state.layers)
    const { features, attention } = this.#attend(output, state)
    return { features, attention, state: { ...state, layers, ...(this.inputFeeding && { feed: features }) } }
  }

  protected override run(embedded: tf.Tensor, state: DecoderState): DecoderFeatures {
    if (this.inputFeeding) return super.run(embedded, state)
    const { outputs, state: layers } = this.recurrent.forward(embedded, { state: state.layers })
    return { ...this.#attend(outputs, state), state: { ...state, layers } }
  }

  /** @param h [B, H], or [B, T, H] for all steps at once */
  #attend(h: tf.Tensor, { source }: DecoderState) {
    const { context, weights } = this.attention.forward(h, source!)
    return { features: tf.tanh(this.combine.forward(tf.concat([context, h], -1))), attention: weights }
  }
}
