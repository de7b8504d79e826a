import type { Norm } from '@heddle/attention'
import { HeddleError } from '@heddle/core'
import {
  type ActivationName,
  activationName,
  activations,
  type BuildContext,
  type Embedding,
  type Encoder,
  initializers,
  LayerNorm,
  Linear,
  Module,
  Parameter,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { tiedLogits } from '../tied-logits.ts'

// N any leading axes, D hidden size, E embedding size, V vocabulary

export const maskedLMHeadConfig = z.strictObject({
  activation: activationName.default('gelu').describe('function of the layer between encoder and vocabulary'),
  epsilon: z.number().positive().default(1e-12).describe('small number added to the variance in its norm'),
})
export type MaskedLMHeadConfig = z.input<typeof maskedLMHeadConfig>

/**
 * Head of a masked language model; its weights are the table of token vectors.
 *
 *     logits = norm(activation(dense(x)))·tableᵀ + bias
 *
 * @see Devlin et al. 2019, "BERT: pre-training of deep bidirectional Transformers for language understanding"
 */
export class MaskedLMHead extends Module {
  readonly dense: Linear // [D, E]
  readonly norm: Norm
  readonly bias: Parameter // [V]
  readonly activation: ActivationName

  /** @param encoder the encoder before the head, whose token vectors it shares */
  constructor({ activation = 'gelu', epsilon = 1e-12 }: MaskedLMHeadConfig, encoder: Encoder, { rng }: BuildContext) {
    super()
    const [V, E] = tokenVectorsOf(encoder).weight.shape as [number, number]
    const initial = { weight: initializers.normal(0.02), bias: initializers.zeros }
    this.dense = new Linear({ inputSize: encoder.outputSize, outputSize: E }, rng, initial)
    this.norm = new LayerNorm({ size: E, epsilon }, rng)
    this.bias = new Parameter([V], initializers.zeros, rng)
    this.activation = activation
  }

  /**
   * @param x [N…, D]
   * @param table token vectors [V, E]
   * @returns [N…, V]
   */
  override forward(x: tf.Tensor, table: tf.Tensor): tf.Tensor {
    const transformed = this.norm.forward(activations[this.activation](this.dense.forward(x))) // [N…, E]
    return tiedLogits(transformed, table, this.bias.value)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { maskedLMHead } = await import('../pytorch/bert.ts')
    return maskedLMHead(this, source)
  }
}

/** The table of an encoder's token vectors, [V, E]. @throws HeddleError `config` for an encoder without one */
export function tokenVectorsOf(encoder: Encoder): Embedding {
  const table = (encoder as Encoder & { readonly tokenVectors?: Embedding }).tokenVectors
  if (table !== undefined) return table
  throw new HeddleError(
    'config',
    "Masked language model: expected an encoder with token vectors to share, got one without. Use 'bert' or 'transformer'.",
  )
}
