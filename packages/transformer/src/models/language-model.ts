import type { KeyValueCache, Norm } from '@heddle/attention'
import { HeddleError, parseConfig } from '@heddle/core'
import {
  type BuildContext,
  type HeldEncoder,
  type HoldsEncoder,
  Linear,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
  type ReadsOut,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { InputLayer } from '../input-layer.ts'
import { stackStep } from '../layers/cached-layers.ts'
import type { TransformerEncoderLayer } from '../layers/encoder-layer.ts'
import { LayerParts, languageModelInitials, transformerFields } from '../layers/layer-config.ts'
import { cachesOf, emptyStack, type StackCaches, selectRows } from '../layers/stack-caches.ts'
import { tiedLogits } from '../tied-logits.ts'

// B batch, T time, D hidden size, V vocabulary

type InitialName = keyof typeof languageModelInitials

export const transformerLanguageModelConfig = z.strictObject({
  vocabSize: z.int().min(1).describe('number of different tokens'),
  ...transformerFields,
  positions: transformerFields.positions.unwrap().default('rotary').describe(transformerFields.positions.description!),
  contextLength: z.int().min(2).default(128).describe('number of tokens that the model reads at most'),
  initial: z
    .enum(Object.keys(languageModelInitials) as [InitialName, ...InitialName[]])
    .default('gpt-2')
    .describe(
      "initial weights: 'gpt-2', or 'zero-output', with which each layer starts as the identity and an untied output layer at zero",
    ),
  tied: z.boolean().default(true).describe('whether the output layer shares its weights with the token vectors'),
})
export type TransformerLanguageModelConfig = z.input<typeof transformerLanguageModelConfig>

/** State of a text that is read token by token. */
export interface TransformerState {
  /** The tokens in the caches, [B, T], int32; none before the first. Rows that begin late begin with padding. */
  readonly ids?: tf.Tensor
  readonly caches: StackCaches
}

/**
 * Decoder-only Transformer: predicts each token from those before it. GPT-2 with learned positions, Llama with 'rms-norm',
 * 'gated-mlp', rotary positions and no biases.
 *
 *     h = norm(layers(input(ids)))
 *     logits = output(h), or h·embeddingᵀ where weights are tied
 *
 * @see Radford et al. 2019, "Language models are unsupervised multitask learners"; Touvron et al. 2023, "LLaMA: open and efficient
 * foundation language models"
 */
export class TransformerLanguageModel extends Module implements ReadsOut, HoldsEncoder {
  readonly input: InputLayer
  readonly layers: readonly TransformerEncoderLayer[]
  readonly norm?: Norm
  readonly output?: Linear // [D, V]; tied models have none
  readonly contextLength: number
  readonly #encoder: HeldEncoder

  constructor(config: TransformerLanguageModelConfig, context: BuildContext) {
    super()
    const parsed = parseConfig('TransformerLanguageModel', transformerLanguageModelConfig, config)
    const { vocabSize, contextLength, tied, initial: initialName, ...settings } = parsed
    const { hiddenSize, numLayers, dropout } = settings
    const initial = languageModelInitials[initialName](numLayers)
    const parts = new LayerParts(settings, { causal: true, initial, maxPositions: contextLength }, context)
    const vectors = { standardDeviation: 0.02, scale: 1 }
    this.input = new InputLayer({ input: { vocabSize }, hiddenSize, dropout, ...vectors }, parts.positions, context.rng)
    this.layers = Array.from({ length: numLayers }, () => parts.encoderLayer())
    const norm = parts.finalNorm()
    if (norm !== undefined) this.norm = norm
    if (!tied) {
      this.output = new Linear(
        { inputSize: hiddenSize, outputSize: vocabSize, bias: false },
        context.rng,
        initialName === 'zero-output' ? initial.output : initial.input,
      )
    }
    this.contextLength = contextLength
    const reading = { causal: true, pooling: 'last', scaled: false, maxPositions: contextLength }
    const spec = { type: 'transformer', ...settings, ...reading }
    this.#encoder = { spec, input: { vocabSize }, fields: ['input', 'layers', 'norm'] }
  }

  /** Capability: the layers below the output layer; the last step's output stands for the text that was read. */
  get asEncoder(): HeldEncoder {
    return this.#encoder
  }

  /** Capability: names under which `forward` reports the outputs of each layer, [B, T, D], with `observe`. */
  get layerOutputs(): readonly string[] {
    return this.layers.map((_, i) => `layer${i}`)
  }

  /**
   * @param ids [B, T], int32, at most `contextLength` tokens
   * @returns logits [B, T, V]
   */
  override forward(ids: tf.Tensor): { logits: tf.Tensor } {
    this.#check(ids)
    let x = this.input.forward(ids) // [B, T, D]
    observe(this, 'embedded', x)
    for (const [i, layer] of this.layers.entries()) {
      x = layer.forward(x)
      observe(this, `layer${i}`, x)
    }
    return { logits: this.readOut(x) }
  }

  /** State before the first token. */
  initialState(_B: number): TransformerState {
    return { caches: emptyStack(this.layers.length) }
  }

  /**
   * One token further: the step interface of decoding. When the context is full, its later half is read again as a text of its
   * own, so that a text may go on for ever and every position is one that training has seen.
   *
   * @param tokens [B], int32
   * @returns logits [B, V]
   */
  step(tokens: tf.Tensor, state: TransformerState): { logits: tf.Tensor; state: TransformerState } {
    if (tokens.rank !== 1) {
      throw new HeddleError('shape', `TransformerLanguageModel.step: expected tokens [B], got [${tokens.shape}].`)
    }
    return this.prefill(tf.reshape(tokens, [-1, 1]), state)
  }

  /**
   * Reads any number of tokens in one pass, to the state and the logits that {@link step} comes to token by token.
   *
   * @param ids [B, T], int32
   * @returns logits of the last token, [B, V]
   */
  prefill(ids: tf.Tensor, state: TransformerState): { logits: tf.Tensor; state: TransformerState } {
    return this.#prefill(ids, state)
  }

  /**
   * Capability: {@link prefill} from the first token on for texts of different lengths, which end together.
   *
   * @param ids [B, T], int32; any tokens before the start of a row
   * @param starts step at which each row begins, [B]
   */
  prefillPadded(ids: tf.Tensor, starts: Int32Array): { logits: tf.Tensor; state: TransformerState } {
    return this.#prefill(ids, { caches: emptyStack(this.layers.length, starts) })
  }

  #prefill(ids: tf.Tensor, state: TransformerState): { logits: tf.Tensor; state: TransformerState } {
    if (ids.rank !== 2 || ids.shape[1] === 0) this.#check(ids)
    const B = ids.shape[0]!
    const [unread, before] = this.#inContext(ids, state)
    const step = unread.shape[1] === 1 ? this.#step(unread, before) : undefined
    if (step !== undefined) return step
    const { x, state: read } = this.#read(unread, before) // [B, T, D]
    const T = x.shape[1]!
    const last = T === 1 ? x : tf.slice(x, [0, T - 1, 0], [B, 1, -1])
    return { logits: tf.reshape(this.readOut(last), [B, -1]), state: read }
  }

  /** Capability: row i of the result is row `rows[i]` of a state. */
  select({ ids, caches }: TransformerState, rows: readonly number[]): TransformerState {
    const index = tf.tensor1d(Int32Array.from(rows), 'int32')
    return { ...(ids && { ids: tf.gather(ids, index) }), caches: selectRows(caches, rows) }
  }

  /** One token for each row, where a kernel computes all layers at once. */
  #step(ids: tf.Tensor, { ids: before, caches }: TransformerState) {
    const { layers, norm, output } = this
    const table = output === undefined ? this.input.embedding!.weight.value : undefined
    const step = stackStep(
      this.input.forward(ids, caches.length, caches.starts),
      { layers, norm, output, table },
      caches,
    )
    if (step === undefined) return undefined
    const read = before === undefined ? ids : tf.concat([before, ids], 1)
    return { logits: step.logits, state: { ids: read, caches: step.caches } }
  }

  /** The tokens to read on top of a state, where a full context gives way to its later half. */
  #inContext(ids: tf.Tensor, state: TransformerState): [ids: tf.Tensor, state: TransformerState] {
    const [B, T] = ids.shape as [number, number]
    const length = state.caches.length + T
    const { contextLength } = this
    const starts = state.caches.starts ?? [0]
    if (length - Math.min(...starts) <= contextLength) return [ids, state]
    const all = state.ids === undefined ? ids : tf.concat([state.ids, ids], 1)
    const half = Math.ceil(contextLength / 2)
    const kept = Array.from(starts, (start) => {
      const over = length - start - contextLength
      // Token by token, a full context becomes `half` tokens long and has room for others until it is full again.
      return over <= 0 ? length - start : half + ((over - 1) % (contextLength - half + 1))
    })
    const most = Math.max(...kept)
    const late = state.caches.starts && Int32Array.from(kept, (count) => most - count)
    return [tf.slice(all, [0, length - most], [B, most]), { caches: emptyStack(this.layers.length, late) }]
  }

  /**
   * Reads further tokens of a text, one or more.
   *
   * @param ids [B, T], int32
   * @returns logits of the tokens that were read, [B, ≥ T, V], those of `ids` last
   */
  extend(ids: tf.Tensor, state: TransformerState): { logits: tf.Tensor; state: TransformerState } {
    this.#check(ids)
    const [B, T] = ids.shape as [number, number]
    const length = state.caches.length + T
    const { starts } = state.caches
    if (length - Math.min(...(starts ?? [0])) > this.contextLength) {
      const all = tf.concat([state.ids!, ids], 1)
      const kept = Math.max(T, Math.ceil(this.contextLength / 2))
      const late = starts?.map((start) => Math.max(0, start - length + kept))
      return this.extend(tf.slice(all, [0, length - kept], [B, kept]), { caches: emptyStack(this.layers.length, late) })
    }
    const { x, state: read } = this.#read(ids, state)
    return { logits: this.readOut(x), state: read }
  }

  /** The outputs of the last layer, [B, T, D]; the tokens have room in the context. */
  #read(ids: tf.Tensor, state: TransformerState): { x: tf.Tensor; state: TransformerState } {
    const all = state.ids === undefined ? ids : tf.concat([state.ids, ids], 1)
    const length = all.shape[1]!
    const { starts } = state.caches
    let x = this.input.forward(ids, length - ids.shape[1]!, starts) // [B, T, D]
    const before = cachesOf(state.caches, ids.shape[0]!)
    const layers: KeyValueCache[] = []
    for (const [i, layer] of this.layers.entries()) {
      const read = layer.extend(x, before[i]!)
      observe(this, `layer${i}`, read.outputs)
      layers.push(read.cache)
      x = read.outputs
    }
    return { x, state: { ids: all, caches: { length, ...(starts && { starts }), layers } } }
  }

  /**
   * Capability: logits from the output of a layer, which for the last one are those of the model.
   *
   * @param x [B, T, D]
   * @returns [B, T, V]
   */
  readOut(x: tf.Tensor): tf.Tensor {
    const h = this.norm === undefined ? x : this.norm.forward(x)
    observe(this, 'hidden', h)
    return this.output === undefined ? tiedLogits(h, this.input.embedding!.weight.value) : this.output.forward(h)
  }

  #check(ids: tf.Tensor): void {
    if (ids.rank !== 2 || ids.shape[1] === 0) {
      throw new HeddleError(
        'shape',
        `TransformerLanguageModel: expected ids [B, T] with T of at least 1, got [${ids.shape}].`,
      )
    }
    if (ids.shape[1]! > this.contextLength) {
      throw new HeddleError(
        'shape',
        `TransformerLanguageModel: expected at most ${this.contextLength} tokens (contextLength), got ${ids.shape[1]}. Read shorter windows, or set a larger contextLength.`,
      )
    }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { transformerLanguageModel } = await import('../pytorch/models.ts')
    return transformerLanguageModel(this, source)
  }
}
