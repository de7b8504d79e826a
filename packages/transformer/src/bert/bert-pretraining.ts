import { parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  type Encoder,
  encoderPoint,
  initializers,
  Linear,
  Module,
  type PyTorchModule,
  type PyTorchSource,
  type ReadsOut,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { bertMaskedLMConfig, layerLogits, type MaskedLMOptions, maskedLogits, passOptions } from './bert-masked-lm.ts'
import { MaskedLMHead } from './masked-lm-head.ts'

// B batch, T time, V vocabulary, M predicted tokens

export const bertPretrainingConfig = z.strictObject({
  ...bertMaskedLMConfig.shape,
  encoder: bertMaskedLMConfig.shape.encoder
    .unwrap()
    .default('bert')
    .describe(bertMaskedLMConfig.shape.encoder.description!),
})
export type BertPretrainingConfig = z.input<typeof bertPretrainingConfig>

/**
 * The model of BERT's pre-training: a masked language model that also tells whether two segments belong together.
 *
 * @see Devlin et al. 2019, "BERT: pre-training of deep bidirectional Transformers for language understanding"
 */
export class BertPretraining extends Module implements ReadsOut {
  readonly encoder: Encoder
  readonly head: MaskedLMHead
  readonly nextSentence: Linear // [summary size, 2]

  constructor(config: BertPretrainingConfig, context: BuildContext) {
    super()
    const { input, encoder, head } = parseConfig('BertPretraining', bertPretrainingConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    this.head = new MaskedLMHead(head, this.encoder, context)
    this.nextSentence = nextSentenceHead(this.encoder, context)
  }

  /** Capability: a pass may be causal, where the encoder reads so. */
  get readsCausally(): boolean {
    return this.encoder.readsCausally === true
  }

  /**
   * @param ids [B, T], int32
   * @param lengths number of real tokens in each row, [B], int32; all when missing
   * @returns logits [B, T, V], or [M, V] for M places, and of the pair [B, 2]: 0 the second segment follows the first, 1 it does not
   */
  override forward(
    ids: tf.Tensor,
    lengths?: tf.Tensor,
    options: MaskedLMOptions = {},
  ): { logits: tf.Tensor; pairLogits: tf.Tensor } {
    const { outputs, summary } = this.encoder.forward(ids, passOptions(lengths, options))
    const logits = maskedLogits(this.head, this.encoder, outputs, options.places)
    return { logits, pairLogits: this.nextSentence.forward(summary) }
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
    const { bertPretraining } = await import('../pytorch/bert.ts')
    return bertPretraining(this, source)
  }
}

/** The linear map from an encoder's summary to the two logits of a pair. */
export function nextSentenceHead(encoder: Encoder, { rng }: BuildContext): Linear {
  const initial = { weight: initializers.normal(0.02), bias: initializers.zeros }
  return new Linear({ inputSize: encoder.summarySize, outputSize: 2 }, rng, initial)
}
