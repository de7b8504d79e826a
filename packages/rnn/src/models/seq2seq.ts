import { HeddleError, parseConfig } from '@heddle/core'
import { type BuildContext, Module } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { BahdanauDecoder } from '../decoders/bahdanau-decoder.ts'
import { Bridge, bridgeKind } from '../decoders/bridge.ts'
import type { DecoderOptions, DecoderOutput, DecoderState, DecoderStep, RecurrentDecoder } from '../decoders/decoder.ts'
import { type DecoderConfig, decoderConfig } from '../decoders/decoder-config.ts'
import { LuongDecoder } from '../decoders/luong-decoder.ts'
import { PlainDecoder } from '../decoders/plain-decoder.ts'
import { RecurrentEncoder, recurrentEncoderConfig, type SequenceEncoder } from '../recurrent-encoder.ts'

// B batch, S steps of the source, T steps of the target, V target vocabulary

export const recurrentSeq2SeqConfig = z.strictObject({
  encoder: recurrentEncoderConfig.describe('the network that reads the source'),
  decoder: decoderConfig.describe('the network that writes the target'),
  bridge: bridgeKind.optional(),
})
export type RecurrentSeq2SeqConfig = z.input<typeof recurrentSeq2SeqConfig>

/**
 * An encoder and a decoder with weights of their own, trained as one.
 *
 * @see Sutskever et al. 2014, "Sequence to sequence learning with neural networks"; Bahdanau et al. 2015 and Luong et al. 2015
 * for attention
 */
export class RecurrentSeq2Seq extends Module {
  readonly encoder: SequenceEncoder
  readonly bridge: Bridge
  readonly decoder: RecurrentDecoder

  /** From parts, of which the encoder may be any: see {@link RecurrentSeq2Seq.create} for building from a config. */
  constructor(parts: { encoder: SequenceEncoder; bridge: Bridge; decoder: RecurrentDecoder }) {
    super()
    this.encoder = parts.encoder
    this.bridge = parts.bridge
    this.decoder = parts.decoder
  }

  static create(config: RecurrentSeq2SeqConfig, context: BuildContext): RecurrentSeq2Seq {
    const parsed = parseConfig('RecurrentSeq2Seq', recurrentSeq2SeqConfig, config)
    const encoder = new RecurrentEncoder(parsed.encoder, context)
    const decoder = createDecoder(parsed.decoder, encoder.memorySize, context)
    return new RecurrentSeq2Seq({
      encoder,
      bridge: new Bridge(parsed.bridge, encoder, decoder.recurrent, context.rng),
      decoder,
    })
  }

  /**
   * Reads a source: the state from which {@link step} writes its target.
   *
   * @param source [B, S] of int32, or [B, S, I]
   * @param lengths [B], int32: steps of the source that are real; all of them when left out
   */
  encode(source: tf.Tensor, lengths?: tf.Tensor): DecoderState {
    const encoded = this.encoder.forward(source, lengths)
    return this.decoder.start(this.bridge.forward(encoded), encoded)
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
   * The logits of every step of a target: teacher forcing, or scheduled sampling with a `teacherForcing` below 1.
   *
   * @param source [B, S] of int32, or [B, S, I]
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
}

/** Builds the decoder of a config's style. */
export function createDecoder(
  config: z.input<typeof decoderConfig>,
  memorySize: number,
  context: BuildContext,
): RecurrentDecoder {
  const parsed: DecoderConfig = parseConfig('decoder', decoderConfig, config)
  const { attention, style } = parsed
  if (attention === null) return new PlainDecoder(parsed, context)
  const attending = { ...parsed, attention }
  return style === 'luong' || style === 'luong-input-feeding'
    ? new LuongDecoder(attending, memorySize, context)
    : new BahdanauDecoder(attending, memorySize, context)
}
