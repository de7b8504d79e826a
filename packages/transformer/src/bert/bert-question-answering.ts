import { parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  Dropout,
  type Encoder,
  encoderOptions,
  encoderPoint,
  initializers,
  Linear,
  Module,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { bertMaskedLMConfig } from './bert-masked-lm.ts'

// B batch, T time, D hidden size

export const bertQuestionAnsweringConfig = z.strictObject({
  ...bertMaskedLMConfig.pick({ input: true, encoder: true }).shape,
  dropout: z.number().min(0).max(1).default(0).describe("share of each step's vector that training sets to zero"),
})
export type BertQuestionAnsweringConfig = z.input<typeof bertQuestionAnsweringConfig>

/**
 * Finds the answer to a question in a text: a score for each token to be the first of the answer, and one to be the last.
 *
 * @see Devlin et al. 2019, "BERT: pre-training of deep bidirectional Transformers for language understanding", section 4.2
 */
export class BertQuestionAnswering extends Module {
  readonly encoder: Encoder
  readonly output: Linear // [D, 2]
  readonly dropout: Dropout

  /** Capability: its logits are over the steps of the input, and have no meaning past a length. */
  get scoresSteps(): boolean {
    return true
  }

  constructor(config: BertQuestionAnsweringConfig, context: BuildContext) {
    super()
    const { input, encoder, dropout } = parseConfig('BertQuestionAnswering', bertQuestionAnsweringConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    const initial = { weight: initializers.normal(0.02), bias: initializers.zeros }
    this.output = new Linear({ inputSize: this.encoder.outputSize, outputSize: 2 }, context.rng, initial)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
  }

  /**
   * @param ids [B, T], int32: question and text
   * @param lengths number of real tokens in each row, [B], int32; all when missing
   * @param segments segment of each token, [B, T], int32
   * @returns logits of the start and of the end, [B, T] each; those past a length have no meaning
   */
  override forward(
    ids: tf.Tensor,
    lengths?: tf.Tensor,
    segments?: tf.Tensor,
  ): { startLogits: tf.Tensor; endLogits: tf.Tensor } {
    const { outputs } = this.encoder.forward(ids, encoderOptions(lengths, segments))
    const logits = this.output.forward(this.dropout.forward(outputs)) // [B, T, 2]
    const [startLogits, endLogits] = tf.unstack(logits, 2) as [tf.Tensor, tf.Tensor]
    return { startLogits, endLogits }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { bertQuestionAnswering } = await import('../pytorch/bert.ts')
    return bertQuestionAnswering(this, source)
  }
}
