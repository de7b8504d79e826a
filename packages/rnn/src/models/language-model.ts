import { HeddleError, parseConfig } from '@heddle/core'
import {
  AdaptiveSoftmax,
  type BuildContext,
  Dropout,
  dropoutRate,
  Embedding,
  featureCount,
  type HeldEncoder,
  type HoldsEncoder,
  initializers,
  Linear,
  layerCount,
  Module,
  observe,
  Parameter,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent, RecurrentOptions, TableRows } from '../recurrent.ts'
import { cellSpec, recurrentStack } from '../stack.ts'

// B batch, T time, E embedding size, H hidden size, V vocabulary

export const recurrentLanguageModelConfig = z.strictObject({
  vocabSize: z.int().min(1).describe('number of different tokens'),
  embeddingSize: featureCount.default(128).describe('size of a token vector'),
  hiddenSize: featureCount.default(256).describe('size of the hidden state'),
  numLayers: layerCount.default(1).describe('number of recurrent layers, each on top of the one before'),
  cell: cellSpec.default('lstm'),
  dropout: dropoutRate('token vectors, between layers, before the output'),
  recurrentDropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the hidden state that training hides from the recurrent weights, the same at all steps'),
  tied: z.boolean().default(false).describe('whether the output layer shares its weights with the token vectors'),
  cutoffs: z
    .array(z.int().min(1))
    .min(1)
    .optional()
    .describe(
      'first token of each cluster of rarer tokens in an adaptive softmax, which is quicker with thousands of tokens that are numbered by frequency (default: a plain softmax)',
    ),
})
export type RecurrentLanguageModelConfig = z.input<typeof recurrentLanguageModelConfig>

/**
 * Recurrent language model: predicts each token from those before it.
 *
 *     h_t = recurrent(embedding(token_t), h_{t-1})
 *     logits_t = output(h_t)
 *
 * @see Mikolov et al. 2010, "Recurrent neural network based language model"; Zaremba et al. 2014, "Recurrent neural network
 * regularization", for where dropout goes; Press & Wolf 2017, "Using the output embedding to improve language models", for
 * tied weights
 */
export class RecurrentLanguageModel extends Module implements HoldsEncoder {
  readonly embedding: Embedding // [V, E]
  readonly recurrent: Recurrent
  readonly output?: Linear | AdaptiveSoftmax // [H, V]; tied models have only a bias
  readonly outputBias?: Parameter // [V]
  readonly dropout: Dropout
  readonly #encoder: HeldEncoder
  /** Tells the objective that the state goes on from one window of a text to the next. */
  readonly carriesState = true
  /**
   * Capability of a model with an adaptive softmax: the mean cross-entropy of the tokens that follow, with fewer operations than by way
   * of all logits. The arguments are ids and labels [B, T], int32.
   */
  readonly loss?: (
    ids: tf.Tensor,
    labels: tf.Tensor,
    options?: RecurrentOptions,
  ) => { loss: tf.Scalar; state: readonly RecurrentState[] }

  constructor(config: RecurrentLanguageModelConfig, context: BuildContext) {
    super()
    const { vocabSize, embeddingSize, tied, cutoffs, dropout, ...rest } = parseConfig(
      'RecurrentLanguageModel',
      recurrentLanguageModelConfig,
      config,
    )
    if (tied && embeddingSize !== rest.hiddenSize) {
      throw new HeddleError(
        'config',
        `RecurrentLanguageModel: expected embeddingSize to equal hiddenSize (${rest.hiddenSize}) for tied weights, got ${embeddingSize}.`,
      )
    }
    if (tied && cutoffs !== undefined) {
      throw new HeddleError(
        'config',
        `RecurrentLanguageModel: expected no cutoffs with tied weights, got [${cutoffs}]. Set tied to false, or leave the cutoffs out.`,
      )
    }
    const { rng } = context
    this.embedding = new Embedding(
      // Rows of unit variance would make the logits of a tied model far too large at the start.
      { numEmbeddings: vocabSize, embeddingSize, standardDeviation: tied ? embeddingSize ** -0.5 : 1 },
      rng,
    )
    this.recurrent = recurrentStack({ ...rest, inputSize: embeddingSize, dropout }, context)
    if (tied) this.outputBias = new Parameter([vocabSize], initializers.zeros, rng)
    else if (cutoffs === undefined) {
      this.output = new Linear({ inputSize: this.recurrent.outputSize, outputSize: vocabSize }, rng)
    } else {
      const output = new AdaptiveSoftmax({ inputSize: this.recurrent.outputSize, numClasses: vocabSize, cutoffs }, rng)
      this.output = output
      this.loss = (ids, labels, options) => {
        const { hidden, state } = this.#hidden(ids, options)
        return { loss: output.loss(this.dropout.forward(hidden), labels), state }
      }
    }
    this.dropout = new Dropout({ rate: dropout }, rng)
    const { recurrentDropout: _, ...sizes } = rest
    const spec = { type: 'recurrent', embeddingSize, ...sizes, bidirectional: false, dropout, pooling: 'last' }
    this.#encoder = { spec, input: { vocabSize }, fields: ['embedding', 'recurrent'] }
  }

  /** Capability: the network below the output layer, whose last state stands for the text that was read. */
  get asEncoder(): HeldEncoder {
    return this.#encoder
  }

  /** State before the first token. */
  initialState(B: number): readonly RecurrentState[] {
    return this.recurrent.initialState.forward(B)
  }

  /**
   * @param ids [B, T], int32
   * @returns logits [B, T, V] (log-probabilities with an adaptive softmax), and the state after the last token
   */
  override forward(
    ids: tf.Tensor,
    options: RecurrentOptions = {},
  ): { logits: tf.Tensor; state: readonly RecurrentState[] } {
    const { hidden, state } = this.#hidden(ids, options)
    return { logits: this.#logits(hidden), state }
  }

  /**
   * One token further: the step interface of decoding.
   *
   * @param tokens [B], int32
   * @returns logits [B, V]
   */
  step(tokens: tf.Tensor, state: readonly RecurrentState[]): { logits: tf.Tensor; state: readonly RecurrentState[] } {
    if (tokens.rank !== 1) {
      throw new HeddleError('shape', `RecurrentLanguageModel.step: expected tokens [B], got [${tokens.shape}].`)
    }
    const next = this.recurrent.step(this.dropout.forward(this.embedding.forward(tokens)), state)
    return { logits: this.#logits(next.output), state: next.state }
  }

  /** @returns hidden [B, T, H] */
  #hidden(ids: tf.Tensor, options: RecurrentOptions = {}): { hidden: tf.Tensor; state: readonly RecurrentState[] } {
    if (ids.rank !== 2) {
      throw new HeddleError('shape', `RecurrentLanguageModel: expected ids [B, T], got [${ids.shape}].`)
    }
    const { outputs, state } = this.recurrent.forward(this.#input(ids), options)
    observe(this, 'hidden', outputs)
    return { hidden: outputs, state }
  }

  /** Token vectors [B, T, E] of ids [B, T]. Without dropout the table and the ids are enough. */
  #input(ids: tf.Tensor): tf.Tensor | TableRows {
    if (this.dropout.training && this.dropout.rate > 0) return this.dropout.forward(this.embedding.forward(ids))
    return { ids, table: this.embedding.weight.value }
  }

  /** @param hidden [B…, H] */
  #logits(hidden: tf.Tensor): tf.Tensor {
    const dropped = this.dropout.forward(hidden)
    if (this.output !== undefined) return this.output.forward(dropped)
    const flat = tf.reshape(dropped, [-1, this.recurrent.outputSize]) as tf.Tensor2D // [N, H]
    const table = this.embedding.weight.value as tf.Tensor as tf.Tensor2D
    const logits = tf.fused.matMul({ a: flat, b: table, transposeB: true, bias: this.outputBias!.value }) // [N, V]
    return tf.reshape(logits, [...hidden.shape.slice(0, -1), table.shape[0]])
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { recurrentLanguageModel } = await import('../pytorch/models.ts')
    return recurrentLanguageModel(this, source)
  }
}
