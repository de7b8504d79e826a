import { parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  type Encoder,
  encoderOptions,
  encoderPoint,
  type Linear,
  Module,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import type * as z from 'zod'
import { bertPretrainingConfig, nextSentenceHead } from './bert-pretraining.ts'

// B batch, T time

export const bertNextSentenceConfig = bertPretrainingConfig.omit({ head: true })
export type BertNextSentenceConfig = z.input<typeof bertNextSentenceConfig>

/** Tells whether the second of two segments follows the first. @see Devlin et al. 2019, "BERT" */
export class BertNextSentence extends Module {
  readonly encoder: Encoder
  readonly nextSentence: Linear // [summary size, 2]

  constructor(config: BertNextSentenceConfig, context: BuildContext) {
    super()
    const { input, encoder } = parseConfig('BertNextSentence', bertNextSentenceConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    this.nextSentence = nextSentenceHead(this.encoder, context)
  }

  /**
   * @param ids [B, T], int32
   * @param lengths number of real tokens in each row, [B], int32; all when missing
   * @param segments segment of each token, [B, T], int32
   * @returns logits [B, 2]: 0 the second segment follows the first, 1 it does not
   */
  override forward(ids: tf.Tensor, lengths?: tf.Tensor, segments?: tf.Tensor): { logits: tf.Tensor } {
    const { summary } = this.encoder.forward(ids, encoderOptions(lengths, segments))
    return { logits: this.nextSentence.forward(summary) }
  }
}
