import { parseConfig } from '@heddle/core'
import type { BuildContext } from '@heddle/layers'
import { z } from 'zod'
import { Bridge } from '../decoders/bridge.ts'
import { decoderConfig } from '../decoders/decoder-config.ts'
import { ConvolutionalEncoder, convolutionalEncoderConfig } from './convolutional-encoder.ts'
import { createDecoder, RecurrentSeq2Seq } from './seq2seq.ts'

export const captionerConfig = z.strictObject({
  encoder: convolutionalEncoderConfig.describe('the network that reads the picture'),
  decoder: decoderConfig.describe('the network that writes the caption'),
})
export type CaptionerConfig = z.input<typeof captionerConfig>

/** An encoder-decoder whose source is a picture. */
export function createCaptioner(config: CaptionerConfig, context: BuildContext): RecurrentSeq2Seq {
  const parsed = parseConfig('captioner', captionerConfig, config)
  const encoder = new ConvolutionalEncoder(parsed.encoder, context.rng)
  const decoder = createDecoder(parsed.decoder, encoder.memorySize, context)
  return new RecurrentSeq2Seq({
    encoder,
    bridge: new Bridge('linear', encoder, decoder.recurrent, context.rng),
    decoder,
  })
}
