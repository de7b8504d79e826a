import type { Norm } from '@heddle/attention'
import { parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  type Encoder,
  type EncoderOptions,
  embedding,
  encoderOptions,
  encoderPoint,
  Module,
  type PyTorchModule,
  type PyTorchSource,
  partOf,
  type ReadsOut,
  tokenInput,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { MaskedLMHead, maskedLMHeadConfig, tokenVectorsOf } from './masked-lm-head.ts'

// B batch, T time, V vocabulary, M predicted tokens, D hidden size

export const bertMaskedLMConfig = z.strictObject({
  input: tokenInput.describe('size of the data: tokens { vocabSize }'),
  encoder: partOf(encoderPoint)
    .default({ type: 'bert', pooling: 'first' })
    .describe(
      "the network that reads the tokens, by name ('bert', 'roberta', 'distilbert', 'electra') or as { type, … }",
    ),
  head: maskedLMHeadConfig.prefault({}).describe('settings of the head'),
})
export type BertMaskedLMConfig = z.input<typeof bertMaskedLMConfig>

/** Options of the pass through a masked language model. */
export interface MaskedLMOptions {
  /** Segment of each token, [B, T], int32; all 0 when missing. */
  readonly segments?: tf.Tensor | undefined
  /** Places of the tokens to predict, [M], int32: b·T + t for token t of row b. All tokens when missing. */
  readonly places?: tf.Tensor | undefined
  /** Whether a token sees only itself and the tokens before it. */
  readonly causal?: boolean | undefined
}

/** Options of the encoder's pass. */
export function passOptions(lengths: tf.Tensor | undefined, { segments, causal }: MaskedLMOptions): EncoderOptions {
  return { ...encoderOptions(lengths, segments), ...(causal && { causal }) }
}

/**
 * Masked language model: any encoder with token vectors, and a head that predicts tokens from both sides.
 *
 * The encoder's parameters lie below `encoder.`, as in a classifier, so that it moves from one to the other.
 *
 * @see Devlin et al. 2019, "BERT: pre-training of deep bidirectional Transformers for language understanding"
 */
export class BertMaskedLM extends Module implements ReadsOut {
  readonly encoder: Encoder
  readonly head: MaskedLMHead

  constructor(config: BertMaskedLMConfig, context: BuildContext) {
    super()
    const { input, encoder, head } = parseConfig('BertMaskedLM', bertMaskedLMConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    this.head = new MaskedLMHead(head, this.encoder, context)
  }

  /** Capability: a pass may be causal, where the encoder reads so. */
  get readsCausally(): boolean {
    return this.encoder.readsCausally === true
  }

  /**
   * @param ids [B, T], int32
   * @param lengths number of real tokens in each row, [B], int32; all when missing
   * @returns logits [B, T, V], or [M, V] for M places
   */
  override forward(ids: tf.Tensor, lengths?: tf.Tensor, options: MaskedLMOptions = {}): { logits: tf.Tensor } {
    const { outputs } = this.encoder.forward(ids, passOptions(lengths, options))
    return { logits: maskedLogits(this.head, this.encoder, outputs, options.places) }
  }

  /**
   * Capability: logits from the output of a layer of the encoder, which for the last one are those of the model.
   *
   * @param x [B, T, D]
   * @returns [B, T, V]
   */
  readOut(x: tf.Tensor): tf.Tensor {
    return layerLogits(this.head, this.encoder, x)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { bertMaskedLM } = await import('../pytorch/bert.ts')
    return bertMaskedLM(this, source)
  }
}

/**
 * Logits of all tokens, or of those at some places alone, which saves most of the work of the largest layer.
 *
 * @param outputs [B, T, D]
 * @returns [B, T, V] or [M, V]
 */
export function maskedLogits(
  head: MaskedLMHead,
  encoder: Encoder,
  outputs: tf.Tensor,
  places: tf.Tensor | undefined,
): tf.Tensor {
  const table = tokenVectorsOf(encoder).weight.value
  if (places === undefined) return head.forward(outputs, table)
  const D = outputs.shape.at(-1)!
  return head.forward(embedding(places, tf.reshape(outputs, [-1, D])), table) // [M, V]
}

/** Logits from the output of a layer, by the norm after the last layer, where the encoder has one, and the head. */
export function layerLogits(head: MaskedLMHead, encoder: Encoder, x: tf.Tensor): tf.Tensor {
  const { norm } = encoder as Encoder & { readonly norm?: Norm }
  return maskedLogits(head, encoder, norm === undefined ? x : norm.forward(x), undefined)
}
