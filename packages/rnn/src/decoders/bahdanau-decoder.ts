import type { MemoryAttention } from '@heddle/attention'
import type { RandomStream } from '@heddle/core'
import {
  type BuildContext,
  Dropout,
  Embedding,
  type EncoderOutput,
  Linear,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'
import { recurrentStack } from '../stack.ts'
import {
  checkTarget,
  checkTokens,
  type DecoderOptions,
  type DecoderOutput,
  type DecoderState,
  type DecoderStep,
  type RecurrentDecoder,
} from './decoder.ts'
import { type AttendingDecoderConfig, decoderAttention } from './decoder-config.ts'
import { scheduledSampling } from './scheduled-sampling.ts'
import { stackSteps } from './stack-steps.ts'

// B batch, T steps of the target, S steps of the source, E embedding size, H hidden size, M memory size, V vocabulary

/**
 * Decoder that attends before each step.
 *
 *     context_t = attention(h_{t-1}, memory)
 *     h_t = recurrent([embedding(token_t), context_t], h_{t-1})
 *     logits_t = output(h_t)
 *
 * In the style 'bahdanau-deep' the output layer reads tanh(readout([h_t, context_t, embedding(token_t)])), with tanh where the
 * paper has maxout.
 *
 * @see Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate"
 */
export class BahdanauDecoder extends Module implements RecurrentDecoder {
  readonly embedding: Embedding // [V, E]
  readonly output: Linear // [H, V]
  readonly dropout: Dropout
  readonly rng: RandomStream
  readonly attention: MemoryAttention
  readonly recurrent: Recurrent
  readonly readout?: Linear // [H + M + E, H]

  constructor(config: AttendingDecoderConfig, memorySize: number, context: BuildContext) {
    super()
    const { cell, vocabSize, embeddingSize, hiddenSize, numLayers, dropout, attention, style } = config
    const { rng } = context
    this.embedding = new Embedding({ numEmbeddings: vocabSize, embeddingSize }, rng)
    this.output = new Linear({ inputSize: hiddenSize, outputSize: vocabSize }, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.rng = rng.split()
    this.attention = decoderAttention(attention, { ...context, querySize: hiddenSize, memorySize })
    const inputSize = embeddingSize + memorySize
    this.recurrent = recurrentStack({ cell, inputSize, hiddenSize, numLayers, dropout }, context)
    if (style === 'bahdanau-deep') {
      const readoutSize = hiddenSize + memorySize + embeddingSize
      this.readout = new Linear({ inputSize: readoutSize, outputSize: hiddenSize }, rng)
    }
  }

  initialState(layers: readonly RecurrentState[], { outputs: memory, mask }: EncoderOutput): DecoderState {
    return { layers, source: this.attention.prepare(memory, mask) }
  }

  step(tokens: tf.Tensor, state: DecoderState): DecoderStep {
    checkTokens(this, tokens)
    const embedded = this.dropout.forward(this.embedding.forward(tokens)) // [B, E]
    const { outputs, state: layers } = this.#step(embedded, state)
    return {
      logits: this.#logits(this.#features(outputs.h, outputs.context, embedded)),
      attention: outputs.weights,
      state: { ...state, layers },
    }
  }

  override forward(target: tf.Tensor, state: DecoderState, { teacherForcing = 1 }: DecoderOptions = {}): DecoderOutput {
    checkTarget(this, target, teacherForcing)
    if (teacherForcing < 1) return scheduledSampling(this, target, state, teacherForcing, this.rng)
    const embedded = this.dropout.forward(this.embedding.forward(target)) // [B, T, E]
    const { outputs, state: layers } = this.#fused(embedded, state) ?? this.#stepByStep(embedded, state)
    const features = this.#features(outputs.h, outputs.context, embedded) // [B, T, H]
    observe(this, 'features', features)
    observe(this, 'attention', outputs.weights)
    return { logits: this.#logits(features), attention: outputs.weights, state: { ...state, layers } }
  }

  /** @param embedded [B, E] */
  #step(embedded: tf.Tensor, { layers, source }: DecoderState) {
    const query = layers.at(-1)![0]! // h_{t-1} of the last layer, [B, H]
    const { context, weights } = this.attention.forward(query, source!) // [B, M], [B, S]
    const { output: h, state } = this.recurrent.step(tf.concat([embedded, context], 1), layers)
    return { outputs: { h, context, weights }, state }
  }

  /** @param embedded [B, T, E] */
  #stepByStep(embedded: tf.Tensor, { layers, source }: DecoderState) {
    return stackSteps(tf.unstack(embedded, 1), layers, (input, before) =>
      this.#step(input, { layers: before, source: source! }),
    )
  }

  /** All steps in one op, where the cell has one for this attention. */
  #fused(embedded: tf.Tensor, { layers, source }: DecoderState) {
    if (layers.length !== 1) return undefined
    const run = this.recurrent.cells[0]!.attendedSequence?.(embedded, layers[0]!, this.attention, source!)
    return run && { outputs: { h: run.outputs, context: run.contexts, weights: run.weights }, state: [run.state] }
  }

  /** Of one step or of all steps at once: the last axis is joined. */
  #features(h: tf.Tensor, context: tf.Tensor, embedded: tf.Tensor): tf.Tensor {
    if (this.readout === undefined) return h
    return tf.tanh(this.readout.forward(tf.concat([h, context, embedded], -1)))
  }

  #logits(features: tf.Tensor): tf.Tensor {
    return this.output.forward(this.dropout.forward(features))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { bahdanauDecoder } = await import('../pytorch/decoders.ts')
    return bahdanauDecoder(this, source)
  }
}
