import { HeddleError, jsonSchemaOf, type PartSpec, parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  type Encoder,
  encoderInput,
  encoderPoint,
  Module,
  type PyTorchModule,
  type PyTorchSource,
  tokenInput,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { Bridge, bridgeKind } from '../decoders/bridge.ts'
import { createDecoder } from '../decoders/create-decoder.ts'
import type { DecoderOptions, DecoderOutput, DecoderState, DecoderStep, RecurrentDecoder } from '../decoders/decoder.ts'
import { decoderFields } from '../decoders/decoder-config.ts'
import { cellSpec } from '../stack.ts'

// B batch, S steps of the source, T steps of the target, V target vocabulary

export const recurrentSeq2SeqConfig = z.strictObject({
  source: encoderInput,
  target: tokenInput.describe('size of the target: tokens { vocabSize }'),
  ...decoderFields,
  bridge: bridgeKind.optional(),
  encoder: z
    .union([z.string(), z.looseObject({ type: z.string().optional() })])
    .meta({ part: encoderPoint.kind })
    .optional()
    .describe(
      'network that reads the source: settings that differ from the above, such as { numLayers }, or another encoder { type, … }; by default a bidirectional recurrent one with half of hiddenSize in each direction',
    ),
  decoder: z
    .strictObject({
      embeddingSize: decoderFields.embeddingSize.unwrap().optional().describe('size of a target token vector'),
      numLayers: decoderFields.numLayers.unwrap().optional().describe('number of recurrent layers'),
      cell: cellSpec.optional(),
      dropout: decoderFields.dropout.unwrap().optional().describe('share of the features that training sets to zero'),
    })
    .optional()
    .describe('settings of the network that writes the target that differ from the above'),
})
export type RecurrentSeq2SeqConfig = z.input<typeof recurrentSeq2SeqConfig>

/**
 * An encoder and a recurrent decoder with weights of their own, trained as one.
 *
 * @see Sutskever et al. 2014, "Sequence to sequence learning with neural networks"; Bahdanau et al. 2015 and Luong et al. 2015
 * for attention
 */
export class RecurrentSeq2Seq extends Module {
  readonly encoder: Encoder
  readonly bridge: Bridge
  readonly decoder: RecurrentDecoder

  /** Puts parts together; {@link RecurrentSeq2Seq.create} builds them from a config. */
  constructor(parts: { encoder: Encoder; bridge: Bridge; decoder: RecurrentDecoder }) {
    super()
    this.encoder = parts.encoder
    this.bridge = parts.bridge
    this.decoder = parts.decoder
  }

  static create(config: RecurrentSeq2SeqConfig, context: BuildContext): RecurrentSeq2Seq {
    const parsed = parseConfig('RecurrentSeq2Seq', recurrentSeq2SeqConfig, config)
    const { source, target, bridge, encoder: _, decoder: own, ...shared } = parsed
    const encoder = context.registry.create(encoderPoint, encoderSpec(parsed, context), { ...context, input: source })
    const decoder = createDecoder({ ...shared, ...own, ...target }, encoder.outputSize, context)
    return new RecurrentSeq2Seq({
      encoder,
      bridge: new Bridge(bridge, encoder, decoder.recurrent, context.rng),
      decoder,
    })
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
  encode(source: tf.Tensor, lengths?: tf.Tensor): DecoderState {
    const encoded = this.encoder.forward(source, lengths && { lengths })
    return this.decoder.initialState(this.bridge.forward(encoded), encoded)
  }

  /**
   * One token further: the step interface of decoding.
   *
   * @param tokens [B], int32
   * @returns logits [B, V]; attention [B, S] where there is one
   */
  step(tokens: tf.Tensor, state: DecoderState): DecoderStep {
    return this.decoder.step(tokens, state)
  }

  /**
   * Logits of every step of a target: teacher forcing, or scheduled sampling with a `teacherForcing` below 1.
   *
   * @param source tokens [B, S] of int32, vectors [B, S, F] or pictures [B, height, width, channels]
   * @param lengths [B], int32
   * @param target [B, T], int32: the tokens that go in, starting with the start symbol
   * @returns logits [B, T, V]; attention [B, T, S] where there is one
   */
  override forward(
    source: tf.Tensor,
    lengths: tf.Tensor | undefined,
    target: tf.Tensor,
    options: DecoderOptions = {},
  ): DecoderOutput {
    if (source.shape[0] !== target.shape[0]) {
      throw new HeddleError(
        'shape',
        `RecurrentSeq2Seq: expected as many targets as sources (${source.shape[0]}), got target [${target.shape}].`,
      )
    }
    return this.decoder.forward(target, this.encode(source, lengths), options)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { recurrentSeq2Seq } = await import('../pytorch/models.ts')
    return recurrentSeq2Seq(this, source)
  }
}

/** The encoder of a config: the model's own recurrent one, or another one with the settings that it shares with the model. */
function encoderSpec(config: z.output<typeof recurrentSeq2SeqConfig>, { registry }: BuildContext): PartSpec {
  const { embeddingSize, hiddenSize, numLayers, cell, dropout } = config
  const given = asPart((config.encoder ?? {}) as string | PartSpec)
  if (given.type !== undefined) {
    const known = jsonSchemaOf(registry.get(encoderPoint, given.type).config).properties ?? {}
    const shared = Object.entries({ embeddingSize, dropout }).filter(([name]) => Object.hasOwn(known, name))
    return { ...Object.fromEntries(shared), ...given }
  }
  const own = { embeddingSize, numLayers, cell, bidirectional: true, dropout, ...given }
  return { hiddenSize: own.bidirectional ? Math.ceil(hiddenSize / 2) : hiddenSize, ...own, type: 'recurrent' }
}
