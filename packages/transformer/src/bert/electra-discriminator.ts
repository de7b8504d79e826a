import { parseConfig } from '@heddle/core'
import {
  type ActivationName,
  activationName,
  activations,
  asPart,
  type BuildContext,
  type Encoder,
  encoderOptions,
  encoderPoint,
  initializers,
  Linear,
  Module,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { bertMaskedLMConfig } from './bert-masked-lm.ts'

// B batch, T time, D hidden size

export const electraDiscriminatorConfig = z.strictObject({
  input: bertMaskedLMConfig.shape.input,
  encoder: bertMaskedLMConfig.shape.encoder
    .unwrap()
    .default('electra')
    .describe(bertMaskedLMConfig.shape.encoder.description!),
  activation: activationName.default('gelu').describe('function of the layer before the output'),
})
export type ElectraDiscriminatorConfig = z.input<typeof electraDiscriminatorConfig>

/**
 * Tells which tokens of a text a generator has replaced: output(activation(dense(outputs_t))).
 *
 * @see Clark et al. 2020, "ELECTRA: pre-training text encoders as discriminators rather than generators"
 */
export class ElectraDiscriminator extends Module {
  readonly encoder: Encoder
  readonly dense: Linear // [D, D]
  readonly output: Linear // [D, 1]
  readonly activation: ActivationName

  constructor(config: ElectraDiscriminatorConfig, context: BuildContext) {
    super()
    const parsed = parseConfig('ElectraDiscriminator', electraDiscriminatorConfig, config)
    const { input, encoder, activation } = parsed
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    const D = this.encoder.outputSize
    const initial = { weight: initializers.normal(0.02), bias: initializers.zeros }
    this.dense = new Linear({ inputSize: D, outputSize: D }, context.rng, initial)
    this.output = new Linear({ inputSize: D, outputSize: 1 }, context.rng, initial)
    this.activation = activation
  }

  /**
   * @param ids [B, T], int32
   * @param lengths number of real tokens in each row, [B], int32; all when missing
   * @param segments segment of each token, [B, T], int32
   * @returns logits [B, T]: positive where a token was replaced
   */
  override forward(ids: tf.Tensor, lengths?: tf.Tensor, segments?: tf.Tensor): { logits: tf.Tensor } {
    const { outputs } = this.encoder.forward(ids, encoderOptions(lengths, segments))
    const [B, T] = outputs.shape as [number, number, number]
    const hidden = activations[this.activation](this.dense.forward(outputs)) // [B, T, D]
    return { logits: tf.reshape(this.output.forward(hidden), [B, T]) }
  }
}
