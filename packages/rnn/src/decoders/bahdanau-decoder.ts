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
 * A decoder that attends before each step.
 *
 *     context_t = attention(h_{t-1}, memory)
 *     h_t = recurrent([embedding(token_t), context_t], h_{t-1})
 *
 * The output layer reads h_t; in the style 'bahdanau-deep' it reads tanh(readout([h_t, context_t, embedding(token_t)])), with
 * tanh where the paper has maxout.
 *
 * @see Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate"
 */
export class BahdanauDecoder extends RecurrentDecoder {
  readonly attention: MemoryAttention
  readonly recurrent: Recurrent
  readonly readout?: Linear // [H + M + E, H]

  constructor(config: AttendingDecoderConfig, memorySize: number, context: BuildContext) {
    const { cell, vocabSize, embeddingSize, hiddenSize, numLayers, dropout, attention, style } = config
    super({ vocabSize, embeddingSize, featureSize: hiddenSize, dropout }, context.rng)
    this.attention = decoderAttention(attention, { ...context, querySize: hiddenSize, memorySize })
    this.recurrent = recurrentStack(
      { cell, inputSize: embeddingSize + memorySize, hiddenSize, numLayers, dropout },
      context,
    )
    if (style === 'bahdanau-deep') {
      const inputSize = hiddenSize + memorySize + embeddingSize
      this.readout = new Linear({ inputSize, outputSize: hiddenSize }, context.rng)
    }
  }

  override start(layers: readonly RecurrentState[], { memory, mask }: EncodedSource): DecoderState {
    return { layers, source: this.attention.prepare(memory, mask) }
  }

  protected override advance(embedded: tf.Tensor, state: DecoderState): DecoderFeatures {
    const { h, context, weights, layers } = this.#step(embedded, state)
    return { features: this.#features(h, context, embedded), attention: weights, state: { ...state, layers } }
  }

  protected override run(embedded: tf.Tensor, state: DecoderState): DecoderFeatures {
    const { outputs, contexts, weights, layers } = this.#fast(embedded, state) ?? this.#loop(embedded, state)
    return { features: this.#features(outputs, contexts, embedded), attention: weights, state: { ...state, layers } }
  }

  #step(embedded: tf.Tensor, { layers, source }: DecoderState) {
    const query = layers.at(-1)![0]! // [B, H]
    const { context, weights } = this.attention.forward(query, source!)
    const { output, state } = this.recurrent.step(tf.concat([embedded, context], 1), layers)
    return { h: output, context, weights, layers: state }
  }

  #fast(embedded: tf.Tensor, { layers, source }: DecoderState) {
    if (layers.length !== 1) return undefined
    const run = this.recurrent.cells[0]!.attendedSequence?.(embedded, layers[0]!, this.attention, source!)
    return run && { ...run, layers: [run.state] }
  }

  #loop(embedded: tf.Tensor, state: DecoderState) {
    let { layers } = state
    const steps = tf.unstack(embedded, 1).map((input) => {
      const step = this.#step(input, { ...state, layers })
      layers = step.layers
      return step
    })
    const joined = (part: 'h' | 'context' | 'weights') =>
      tf.stack(
        steps.map((step) => step[part]),
        1,
      )
    return { outputs: joined('h'), contexts: joined('context'), weights: joined('weights'), layers }
  }

  /** For one step or for all of them: the last axis is joined. */
  #features(h: tf.Tensor, context: tf.Tensor, embedded: tf.Tensor): tf.Tensor {
    if (this.readout === undefined) return h
    return tf.tanh(this.readout.forward(tf.concat([h, context, embedded], -1)))
  }
}
