import { type Norm, type Positions, paddingMask } from '@heddle/attention'
import { HeddleError } from '@heddle/core'
import {
  type Embedding,
  type Encoder,
  type EncoderContext,
  type EncoderOptions,
  type EncoderOutput,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { TransformerEncoderLayer } from '../layers/encoder-layer.ts'
import { LayerParts, normalInitial } from '../layers/layer-config.ts'
import { pool } from '../pooling.ts'
import type { BertEncoderSettings } from './bert-config.ts'
import { BertEmbeddings } from './bert-embeddings.ts'
import { Pooler } from './pooler.ts'

// B batch, T time, D hidden size

/**
 * Encoder of BERT, and with other settings of RoBERTa, DistilBERT and ELECTRA.
 *
 *     outputs = layers(embeddings(ids, segments))    [B, T, D]
 *     summary = tanh(dense(outputs_0)), outputs_0, or the mean or maximum over the real steps    [B, D]
 *
 * With pre-norm layers a norm follows the last one.
 *
 * @see Devlin et al. 2019, "BERT: pre-training of deep bidirectional Transformers for language understanding"
 */
export class BertEncoder extends Module implements Encoder {
  readonly embeddings: BertEmbeddings
  readonly layers: readonly TransformerEncoderLayer[]
  readonly norm?: Norm
  readonly pooler?: Pooler
  readonly outputSize: number
  readonly summarySize: number
  readonly pooling: BertEncoderSettings['pooling']

  /**
   * @param settings checked, with defaults filled in
   * @param givenPositions positions in place of those of the settings
   */
  constructor(settings: BertEncoderSettings, context: EncoderContext, givenPositions?: Positions) {
    super()
    const { numSegments, pooling, maxPositions, paddingIndex, initializerRange, ...layer } = settings
    const { hiddenSize, numLayers, dropout } = layer
    const { embeddingSize = hiddenSize } = settings
    const { rng, input } = context
    if (!('vocabSize' in input)) {
      throw new HeddleError(
        'config',
        'BERT: expected tokens as input, { vocabSize }, got another kind. Use another encoder.',
      )
    }
    const initial = normalInitial(initializerRange)
    const parts = new LayerParts(
      layer,
      { causal: false, initial, maxPositions, embeddingSize, givenPositions },
      context,
    )
    this.embeddings = new BertEmbeddings(
      {
        ...{ vocabSize: input.vocabSize, embeddingSize, hiddenSize, numSegments, paddingIndex, dropout },
        standardDeviation: initializerRange,
      },
      { positions: parts.positions, norm: parts.norm(embeddingSize), initial: initial.input },
      rng,
    )
    this.layers = Array.from({ length: numLayers }, () => parts.encoderLayer())
    const norm = parts.finalNorm()
    if (norm !== undefined) this.norm = norm
    if (pooling === 'pooler') this.pooler = new Pooler({ hiddenSize }, rng, initial.input)
    this.outputSize = hiddenSize
    this.summarySize = hiddenSize
    this.pooling = pooling
  }

  /** Capability: the table of token vectors, for a head that shares it. */
  get tokenVectors(): Embedding {
    return this.embeddings.tokens
  }

  /** Number of tokens that it reads at most, where it has a limit. */
  get maxPositions(): number | undefined {
    return this.embeddings.positions.maxPositions
  }

  /** Capability: names under which `forward` reports the outputs of each layer, [B, T, D], with `observe`. */
  get layerOutputs(): readonly string[] {
    return this.layers.map((_, i) => `layer${i}`)
  }

  /** Capability: a pass may be causal. */
  get readsCausally(): true {
    return true
  }

  /** @param ids [B, T], int32 */
  override forward(ids: tf.Tensor, { lengths, segments, causal }: EncoderOptions = {}): EncoderOutput {
    let x = this.embeddings.forward(ids, segments) // [B, T, D]
    observe(this, 'embedded', x)
    const mask = lengths && paddingMask(lengths, ids.shape[1]!)
    for (const [i, layer] of this.layers.entries()) {
      x = layer.forward(x, mask, causal)
      observe(this, `layer${i}`, x)
    }
    const outputs = this.norm === undefined ? x : this.norm.forward(x)
    return { outputs, summary: this.#summary(outputs, mask), ...(mask && { mask }) }
  }

  /** @param outputs [B, T, D] */
  #summary(outputs: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
    if (this.pooling === 'pooler') return this.pooler!.forward(outputs)
    if (this.pooling === 'first' || mask === undefined) return pool(this.pooling, outputs, mask)
    const real = tf.expandDims(tf.cast(mask, 'float32'), 2) // [B, T, 1]
    return pool(this.pooling, tf.mul(outputs, real), mask)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { bertEncoder } = await import('../pytorch/bert.ts')
    return bertEncoder(this, source)
  }
}
