import { HeddleError, jsonSchemaOf, type PartSpec, parseConfig, type RandomStream } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  type Embedding,
  type Encoder,
  type EncoderOutput,
  encoderInput,
  encoderPoint,
  initializers,
  Linear,
  Module,
  Parameter,
  type PyTorchModule,
  type PyTorchSource,
  tokenInput,
  withoutGradient,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { InputLayer, paddingIndex } from '../input-layer.ts'
import { LayerParts, transformerFields, xavierInitial } from '../layers/layer-config.ts'
import {
  TransformerDecoder,
  type TransformerDecoderState,
  type TransformerDecoderStep,
} from '../transformer-decoder.ts'

// B batch, S steps of the source, T steps of the target, D hidden size, V target vocabulary

export const transformerSeq2SeqConfig = z.strictObject({
  source: encoderInput,
  target: tokenInput.describe('size of the target: tokens { vocabSize }'),
  ...transformerFields,
  numLayers: transformerFields.numLayers.unwrap().default(1).describe(transformerFields.numLayers.description!),
  positions: transformerFields.positions.unwrap().default('rotary').describe(transformerFields.positions.description!),
  encoder: z
    .union([z.string(), z.looseObject({ type: z.string().optional() })])
    .optional()
    .describe(
      'network that reads the source: settings that differ from the above, such as { numLayers }, or another encoder { type, … }; by default a Transformer, for pictures a convolutional network, for clips both',
    ),
  tied: z.boolean().default(true).describe('whether the output layer shares its weights with the target token vectors'),
  paddingIndex,
  outputBias: z.boolean().default(false).describe('whether a tied output layer adds a trained vector'),
  sharedEmbeddings: z
    .boolean()
    .default(false)
    .describe('whether source and target share their token vectors; both must have the same vocabulary'),
})
export type TransformerSeq2SeqConfig = z.input<typeof transformerSeq2SeqConfig>

/**
 * The encoder-decoder Transformer. `residual: 'post-norm'` and `feedForward: { type: 'mlp', activation: 'relu' }` make that of
 * the paper; the default trains without a long warm-up.
 *
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export class TransformerSeq2Seq extends Module {
  readonly encoder: Encoder
  readonly decoder: TransformerDecoder
  readonly rng: RandomStream

  /** Puts parts together; {@link TransformerSeq2Seq.create} builds them from a config. */
  constructor(parts: { encoder: Encoder; decoder: TransformerDecoder }, rng: RandomStream) {
    super()
    this.encoder = parts.encoder
    this.decoder = parts.decoder
    this.rng = rng.split()
  }

  static create(config: TransformerSeq2SeqConfig, context: BuildContext): TransformerSeq2Seq {
    const parsed = parseConfig('TransformerSeq2Seq', transformerSeq2SeqConfig, config)
    const { source, target, encoder: _, tied, outputBias, paddingIndex, sharedEmbeddings, ...settings } = parsed
    const { hiddenSize, numLayers, dropout } = settings
    const encoder = context.registry.create(encoderPoint, encoderSpec(parsed, context), { ...context, input: source })
    const table = sharedEmbeddings ? sharedTable(encoder, target.vocabSize, hiddenSize) : undefined
    const parts = new LayerParts(settings, { causal: true, initial: xavierInitial }, context)
    const vectors = { standardDeviation: hiddenSize ** -0.5, scale: hiddenSize ** 0.5 }
    const input = { input: target, hiddenSize, dropout, paddingIndex, ...vectors }
    const decoder = new TransformerDecoder({
      input: new InputLayer(input, parts.positions, context.rng, table),
      layers: Array.from({ length: numLayers }, () => parts.decoderLayer(encoder.outputSize)),
      norm: parts.finalNorm(),
      output: tied
        ? undefined
        : new Linear({ inputSize: hiddenSize, outputSize: target.vocabSize }, context.rng, xavierInitial.output),
      outputBias: tied && outputBias ? new Parameter([target.vocabSize], initializers.zeros, context.rng) : undefined,
    })
    return new TransformerSeq2Seq({ encoder, decoder }, context.rng)
  }

  /** Capability: the part that takes one step for each step of the source. */
  get reader(): Encoder {
    return this.encoder
  }

  /**
   * Reads a source: the state from which {@link step} writes its target.
   *
   * @param source tokens [B, S] of int32, vectors [B, S, F] or pictures [B, height, width, channels]
   * @param lengths number of real steps in each source, [B], int32; all when missing
   */
  encode(source: tf.Tensor, lengths?: tf.Tensor): TransformerDecoderState {
    return this.decoder.initialState(this.encoder.forward(source, lengths && { lengths }))
  }

  /**
   * One token further: the step interface of decoding.
   *
   * @param tokens [B], int32
   * @returns logits [B, V], attention [B, S]
   */
  step(tokens: tf.Tensor, state: TransformerDecoderState): TransformerDecoderStep {
    if (tokens.rank !== 1) {
      throw new HeddleError('shape', `TransformerSeq2Seq.step: expected tokens [B], got [${tokens.shape}].`)
    }
    return this.decoder.step(tokens, state)
  }

  /**
   * Reads several tokens of a target in one pass; logits and attention are those of the last one.
   *
   * @param ids [B, T], int32
   */
  prefill(ids: tf.Tensor, state: TransformerDecoderState): TransformerDecoderStep {
    return this.decoder.prefill(ids, state)
  }

  /** Capability: row i of the result is row `rows[i]` of a state. */
  select(state: TransformerDecoderState, rows: readonly number[]): TransformerDecoderState {
    return this.decoder.select(state, rows)
  }

  /**
   * Logits of every step of a target: teacher forcing, or scheduled sampling with a `teacherForcing` below 1.
   *
   * @param source tokens [B, S] of int32, vectors [B, S, F] or pictures [B, height, width, channels]
   * @param lengths [B], int32
   * @param target [B, T], int32: the tokens that go in, starting with the start symbol
   * @returns logits [B, T, V]
   */
  override forward(
    source: tf.Tensor,
    lengths: tf.Tensor | undefined,
    target: tf.Tensor,
    { teacherForcing = 1 }: { readonly teacherForcing?: number } = {},
  ): { logits: tf.Tensor } {
    if (target.rank !== 2 || source.shape[0] !== target.shape[0]) {
      throw new HeddleError(
        'shape',
        `TransformerSeq2Seq: expected target [${source.shape[0]}, T], as many rows as sources, got [${target.shape}].`,
      )
    }
    const encoded = this.encoder.forward(source, lengths && { lengths })
    const read = teacherForcing < 1 ? this.#mixed(target, encoded, teacherForcing) : target
    return { logits: this.decoder.forward(read, encoded) }
  }

  /**
   * The target with some tokens replaced by those that a first pass over the true target predicts.
   *
   * @see Mihaylova & Martins 2019, "Scheduled sampling for Transformers"
   */
  #mixed(target: tf.Tensor, encoded: EncoderOutput, teacherForcing: number): tf.Tensor {
    return withoutGradient(() => {
      const [B, T] = target.shape as [number, number]
      const best = tf.cast(tf.argMax(this.decoder.forward(target, encoded), -1), 'int32') // [B, T]; of the token that follows
      const shifted = tf.concat([tf.slice(target, [0, 0], [B, 1]), tf.slice(best, [0, 0], [B, T - 1])], 1)
      // The start symbol stays.
      const isTrue = Array.from({ length: B * T }, (_, i) => i % T === 0 || this.rng.uniform() < teacherForcing)
      return tf.where(tf.tensor(isTrue, [B, T], 'bool'), target, shifted)
    })
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { transformerSeq2Seq } = await import('../pytorch/models.ts')
    return transformerSeq2Seq(this, source)
  }
}

/** The encoder of a config: a Transformer like the decoder, or another one with the settings that it shares with the model. */
function encoderSpec(config: z.output<typeof transformerSeq2SeqConfig>, { registry }: BuildContext): PartSpec {
  const { source, target: _, encoder, tied: __, sharedEmbeddings: ___, outputBias: ____, ...settings } = config
  const given = asPart((encoder ?? {}) as string | PartSpec)
  const sharedWith = (type: string): Record<string, unknown> => {
    const known = jsonSchemaOf(registry.get(encoderPoint, type).config).properties ?? {}
    const shared = Object.entries(settings).filter(([name]) => Object.hasOwn(known, name))
    if (type !== 'transformer') return Object.fromEntries(shared.filter(([name]) => name === 'dropout'))
    // A window belongs to the causal decoder.
    return { ...Object.fromEntries(shared), attention: { ...settings.attention, window: undefined } }
  }
  const isClip = 'featureSize' in source && source.frame !== undefined
  if (isClip && given.type === undefined) {
    return { ...given, type: 'frames', encoder: { ...sharedWith('transformer'), type: 'transformer' } }
  }
  const type = given.type ?? ('height' in source ? 'convolutional' : 'transformer')
  return { ...sharedWith(type), ...given, type }
}

/** The encoder's table. @throws HeddleError `config` unless it has one of this size */
function sharedTable(encoder: Encoder, vocabSize: number, hiddenSize: number) {
  const table = (encoder as Encoder & { readonly tokenVectors?: Embedding }).tokenVectors
  const shape = table?.weight.shape
  if (table === undefined || shape?.[0] !== vocabSize || shape[1] !== hiddenSize) {
    throw new HeddleError(
      'config',
      `TransformerSeq2Seq: expected an encoder with token vectors [${vocabSize}, ${hiddenSize}] to share, got ${shape ? `[${shape}]` : 'none'}. Use one vocabulary for both, or set sharedEmbeddings to false.`,
    )
  }
  return table
}
