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
 * Decoder that attends after each step.
 *
 *     h_t = recurrent(embedding(token_t), h_{t-1})
 *     context_t = attention(h_t, memory)
 *     a_t = tanh(combine([context_t, h_t]))
 *     logits_t = output(a_t)
 *
 * In the style 'luong-input-feeding' the recurrent layers read [embedding(token_t), a_{t-1}].
 *
 * @see Luong et al. 2015, "Effective approaches to attention-based neural machine translation"
 */
export class LuongDecoder extends Module implements RecurrentDecoder {
  readonly embedding: Embedding // [V, E]
  readonly output: Linear // [H, V]
  readonly dropout: Dropout
  readonly rng: RandomStream
  readonly attention: MemoryAttention
  readonly recurrent: Recurrent
  readonly combine: Linear // [M + H, H]
  readonly inputFeeding: boolean

  constructor(config: AttendingDecoderConfig, memorySize: number, context: BuildContext) {
    super()
    const { cell, vocabSize, embeddingSize, hiddenSize, numLayers, dropout, attention, style } = config
    const { rng } = context
    this.embedding = new Embedding({ numEmbeddings: vocabSize, embeddingSize }, rng)
    this.output = new Linear({ inputSize: hiddenSize, outputSize: vocabSize }, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.rng = rng.split()
    this.inputFeeding = style === 'luong-input-feeding'
    this.attention = decoderAttention(attention, { ...context, querySize: hiddenSize, memorySize })
    const inputSize = embeddingSize + (this.inputFeeding ? hiddenSize : 0)
    this.recurrent = recurrentStack({ cell, inputSize, hiddenSize, numLayers, dropout }, context)
    this.combine = new Linear({ inputSize: memorySize + hiddenSize, outputSize: hiddenSize, bias: false }, rng)
  }

  initialState(layers: readonly RecurrentState[], { outputs: memory, mask }: EncoderOutput): DecoderState {
    const source = this.attention.prepare(memory, mask)
    return { layers, source, ...(this.inputFeeding && { feed: tf.zerosLike(layers.at(-1)![0]!) }) }
  }

  step(tokens: tf.Tensor, state: DecoderState): DecoderStep {
    checkTokens(this, tokens)
    const embedded = this.dropout.forward(this.embedding.forward(tokens)) // [B, E]
    const { outputs, state: next } = this.#step(embedded, state)
    return { logits: this.#logits(outputs.a), attention: outputs.weights, state: next }
  }

  override forward(target: tf.Tensor, state: DecoderState, { teacherForcing = 1 }: DecoderOptions = {}): DecoderOutput {
    checkTarget(this, target, teacherForcing)
    if (teacherForcing < 1) return scheduledSampling(this, target, state, teacherForcing, this.rng)
    const embedded = this.dropout.forward(this.embedding.forward(target)) // [B, T, E]
    const { outputs, state: next } = this.inputFeeding
      ? stackSteps(tf.unstack(embedded, 1), state, (input, before) => this.#step(input, before))
      : this.#allSteps(embedded, state)
    observe(this, 'features', outputs.a)
    observe(this, 'attention', outputs.weights)
    return { logits: this.#logits(outputs.a), attention: outputs.weights, state: next }
  }

  /** @param embedded [B, E] */
  #step(embedded: tf.Tensor, state: DecoderState) {
    const input = state.feed === undefined ? embedded : tf.concat([embedded, state.feed], 1)
    const { output: h, state: layers } = this.recurrent.step(input, state.layers) // [B, H]
    const outputs = this.#attend(h, state)
    return { outputs, state: { ...state, layers, ...(this.inputFeeding && { feed: outputs.a }) } }
  }

  /**
   * Without input feeding no step waits for an attention.
   *
   * @param embedded [B, T, E]
   */
  #allSteps(embedded: tf.Tensor, state: DecoderState) {
    const { outputs: h, state: layers } = this.recurrent.forward(embedded, { state: state.layers }) // [B, T, H]
    return { outputs: this.#attend(h, state), state: { ...state, layers } }
  }

  /** @param h [B, H], or [B, T, H] for all steps at once */
  #attend(h: tf.Tensor, { source }: DecoderState) {
    const { context, weights } = this.attention.forward(h, source!)
    return { a: tf.tanh(this.combine.forward(tf.concat([context, h], -1))), weights }
  }

  #logits(features: tf.Tensor): tf.Tensor {
    return this.output.forward(this.dropout.forward(features))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { luongDecoder } = await import('../pytorch/decoders.ts')
    return luongDecoder(this, source)
  }
}
