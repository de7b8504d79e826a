import {
  CrossAttention,
  headSizes,
  type Norm,
  type Positions,
  positionsPoint,
  SelfAttention,
  selfAttentionConfig,
} from '@heddle/attention'
import {
  asPart,
  type BuildContext,
  Dropout,
  dropoutRate,
  initializers,
  type LinearInitial,
  layerPoint,
  partOf,
} from '@heddle/layers'
import * as z from 'zod'
import { TransformerDecoderLayer } from './decoder-layer.ts'
import { TransformerEncoderLayer } from './encoder-layer.ts'
import { feedForwardPoint } from './feed-forward.ts'
import { residualName, residuals } from './residual.ts'

const { numKeyValueHeads, headSize, window, bias, dropout: attentionDropout } = selfAttentionConfig.shape

/** Settings of attention beyond its size. */
const attentionFields = z.strictObject({
  numKeyValueHeads,
  headSize,
  bias,
  window,
  norm: partOf(layerPoint)
    .optional()
    .describe("norm of the queries and keys of each head: 'rms-norm', or { type, … } (default: none)"),
  dropout: attentionDropout,
})

/** Settings that all Transformers share: the size of a layer and the parts in it. */
export const transformerFields = {
  hiddenSize: z.int().min(1).default(128).describe('size of the vector of a step'),
  numLayers: z.int().min(1).default(2).describe('number of layers, each on top of the one before'),
  numHeads: z.int().min(1).default(4).describe('number of attention heads'),
  attention: attentionFields.prefault({}).describe('settings of attention'),
  feedForward: partOf(feedForwardPoint)
    .default('mlp')
    .describe("feed-forward network: 'mlp', 'gated-mlp', or { type, … } with settings"),
  norm: partOf(layerPoint)
    .default('layer-norm')
    .describe("norm: 'layer-norm', 'rms-norm', or { type, … } with settings"),
  residual: residualName.default('pre-norm'),
  positions: partOf(positionsPoint)
    .default('sinusoidal')
    .describe(
      "positions: 'sinusoidal', 'learned', 'rotary', 'alibi', 'relative-bias', 'none', or { type, … } with settings",
    ),
  dropout: dropoutRate('of the input, and of the output of each sublayer'),
}

const settings = z.object(transformerFields)
export type TransformerSettings = z.output<typeof settings>

/** Initial weights of the maps in a layer. */
export interface LayerInitial {
  readonly input: LinearInitial
  /** Of the maps whose results are added to the residual stream. */
  readonly output: LinearInitial
}

const { normal, xavierUniform, zeros } = initializers

/** As in PyTorch's Transformer. @see Glorot & Bengio 2010 */
export const xavierInitial: LayerInitial = {
  input: { weight: xavierUniform(), bias: zeros },
  output: { weight: xavierUniform(), bias: zeros },
}

/**
 * As in GPT-2: N(0, 0.02²), and for the two maps of each layer that add to the residual stream 0.02² / (2·numLayers).
 *
 * @see Radford et al. 2019, "Language models are unsupervised multitask learners"
 */
export const gptInitial = (numLayers: number): LayerInitial => ({
  input: { weight: normal(0.02), bias: zeros },
  output: { weight: normal(0.02 / Math.sqrt(2 * numLayers)), bias: zeros },
})

/** As in BERT: N(0, standardDeviation²), biases 0. @see Devlin et al. 2019 */
export const normalInitial = (standardDeviation: number): LayerInitial => {
  const initial = { weight: normal(standardDeviation), bias: zeros }
  return { input: initial, output: initial }
}

/** Like {@link gptInitial}, but each layer starts as the identity: the maps that add to the residual stream are zero. */
const identityInitial: LayerInitial = {
  input: { weight: normal(0.02), bias: zeros },
  output: { weight: zeros, bias: zeros },
}

/** Initial weights of language models by name. */
export const languageModelInitials = {
  'gpt-2': gptInitial,
  'zero-output': () => identityInitial,
} as const

export interface LayerPartsOptions {
  readonly causal: boolean
  readonly initial: LayerInitial
  /** Number of steps that the model reads at most, where it has a limit. */
  readonly maxPositions?: number
  /** Size of the vectors that positions add to the input (default: hiddenSize). */
  readonly embeddingSize?: number
  /** Positions to use in place of those of the settings. */
  readonly givenPositions?: Positions | undefined
}

/** Builds the layers of a Transformer; all share the same positions. */
export class LayerParts {
  readonly positions: Positions
  readonly #settings: TransformerSettings
  readonly #options: LayerPartsOptions
  readonly #context: BuildContext

  constructor(settings: TransformerSettings, options: LayerPartsOptions, context: BuildContext) {
    this.#settings = settings
    this.#options = options
    this.#context = context
    const { hiddenSize, numHeads, positions } = settings
    const { causal, maxPositions, embeddingSize = hiddenSize, givenPositions } = options
    this.positions =
      givenPositions ??
      context.registry.create(positionsPoint, asPart(positions), {
        ...context,
        ...{ hiddenSize: embeddingSize, numHeads, causal, headSize: this.#headSize },
        ...(maxPositions !== undefined && { maxPositions }),
      })
  }

  norm(size = this.#settings.hiddenSize): Norm {
    return this.#norm(this.#settings.norm, size)
  }

  /** The norm that follows the last layer, which only pre-norm layers need. */
  finalNorm(): Norm | undefined {
    return this.#settings.residual === 'pre-norm' ? this.norm() : undefined
  }

  encoderLayer(): TransformerEncoderLayer {
    return new TransformerEncoderLayer(this.#shared())
  }

  decoderLayer(memorySize: number): TransformerDecoderLayer {
    const { hiddenSize, numHeads, attention } = this.#settings
    const { window: _, norm, ...config } = attention
    const sizes = { ...config, hiddenSize, memorySize, numHeads }
    const crossAttention = new CrossAttention(sizes, this.#attentionParts(norm), this.#context.rng)
    return new TransformerDecoderLayer({ ...this.#shared(), crossAttention, crossAttentionNorm: this.norm() })
  }

  #shared() {
    const { hiddenSize, numHeads, attention, feedForward, residual, dropout } = this.#settings
    const { causal, initial } = this.#options
    const { rng, registry } = this.#context
    const { norm, ...config } = attention
    const parts = { ...this.#attentionParts(norm), positions: this.positions }
    return {
      attention: new SelfAttention({ ...config, hiddenSize, numHeads, causal }, parts, rng),
      attentionNorm: this.norm(),
      feedForward: registry.create(feedForwardPoint, asPart(feedForward), { ...this.#context, hiddenSize, initial }),
      feedForwardNorm: this.norm(),
      residual: residuals[residual],
      dropout: new Dropout({ rate: dropout }, rng),
    }
  }

  #attentionParts(norm: TransformerSettings['attention']['norm']) {
    const { input: inputInitial, output: outputInitial } = this.#options.initial
    const headNorm = () => (norm === undefined ? undefined : this.#norm(norm, this.#headSize))
    return { inputInitial, outputInitial, queryNorm: headNorm(), keyNorm: headNorm() }
  }

  get #headSize(): number {
    const { hiddenSize, numHeads, attention } = this.#settings
    return headSizes('Transformer', { ...attention, hiddenSize, numHeads }).headSize
  }

  #norm(spec: TransformerSettings['norm'], size: number): Norm {
    return this.#context.registry.create(layerPoint, { ...asPart(spec), size }, this.#context) as Norm
  }
}
