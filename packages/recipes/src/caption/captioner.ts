import { parseConfig } from '@heddle/core'
import { type BuildContext, modelPoint } from '@heddle/layers'
import { Bridge, createDecoder, decoderConfig, RecurrentSeq2Seq } from '@heddle/rnn'
import { z } from 'zod'
import { ConvolutionalEncoder, convolutionalEncoderConfig } from './convolutional-encoder.ts'

const captionerConfig = z.strictObject({
  encoder: convolutionalEncoderConfig.describe('the network that reads the picture'),
  decoder: decoderConfig.describe('the network that writes the caption'),
})
type CaptionerConfig = z.input<typeof captionerConfig>

/** An encoder-decoder whose source is a picture. */
function createCaptioner(config: CaptionerConfig, context: BuildContext): RecurrentSeq2Seq {
  const parsed = parseConfig('captioner', captionerConfig, config)
  const encoder = new ConvolutionalEncoder(parsed.encoder, context.rng)
  const decoder = createDecoder(parsed.decoder, encoder.memorySize, context)
  return new RecurrentSeq2Seq({
    encoder,
    bridge: new Bridge('linear', encoder, decoder.recurrent, context.rng),
    decoder,
  })
}

export const captionerModel = modelPoint.of({
  name: 'captioner',
  summary: 'convolutional encoder and recurrent decoder with attention over regions of a picture',
  config: captionerConfig,
  create: createCaptioner,
})
