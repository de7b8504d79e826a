import { parseConfig } from '@heddle/core'
import type { BuildContext } from '@heddle/layers'
import type * as z from 'zod'
import { BahdanauDecoder } from './bahdanau-decoder.ts'
import type { RecurrentDecoder } from './decoder.ts'
import { decoderConfig } from './decoder-config.ts'
import { LuongDecoder } from './luong-decoder.ts'
import { PlainDecoder } from './plain-decoder.ts'

/**
 * Builds the decoder that a config describes.
 *
 * @param memorySize size of the encoder's output for a step
 */
export function createDecoder(
  config: z.input<typeof decoderConfig>,
  memorySize: number,
  context: BuildContext,
): RecurrentDecoder {
  const parsed = parseConfig('decoder', decoderConfig, config)
  const { attention, style } = parsed
  if (attention === null) return new PlainDecoder(parsed, context)
  const attending = { ...parsed, attention }
  return style === 'luong' || style === 'luong-input-feeding'
    ? new LuongDecoder(attending, memorySize, context)
    : new BahdanauDecoder(attending, memorySize, context)
}
