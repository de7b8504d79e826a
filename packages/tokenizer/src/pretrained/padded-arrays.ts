import { HeddleError } from '@heddle/core'
import type { Encoding } from '../encoding/encoding.ts'
import { type Padding, padEncodings } from '../encoding/padding.ts'
import type { ArrayOptions } from '../tokenizer-options.ts'
import type { SpecialRole, TokenizerSettings } from './settings.ts'
import { type TokenArrays, tokenArrays } from './token-arrays.ts'

/** The parts of a tokenizer that decide how its arrays are padded. */
interface PaddingSource {
  readonly padding: Padding | undefined
  readonly settings: TokenizerSettings
  specialId(role: SpecialRole): number | undefined
  tokenToId(token: string): number | undefined
}

/**
 * Pads encodings to one length, as arrays.
 *
 * @throws HeddleError `usage` if there is padding and no padding token, or a text is longer than `padToLength`
 */
export function paddedArrays(
  encodings: readonly Encoding[],
  { padToLength, padToMultipleOf }: ArrayOptions,
  tokenizer: PaddingSource,
): TokenArrays {
  const isEven = padToLength === undefined && encodings.every(({ length }) => length === encodings[0]!.length)
  if (isEven && padToMultipleOf === undefined) return tokenArrays(encodings)
  const { padding, settings } = tokenizer
  const padId =
    padding?.padId ?? tokenizer.specialId('pad') ?? tokenizer.tokenToId('[PAD]') ?? tokenizer.tokenToId('<pad>')
  if (padId === undefined) {
    throw new HeddleError(
      'usage',
      'Tokenizer.encodeArrays: expected a padding token for texts of different lengths, got none. Call enablePadding with one.',
    )
  }
  const padded = padEncodings(encodings, {
    strategy: padToLength === undefined ? 'batch_longest' : { fixed: padToLength },
    direction: padding?.direction ?? settings.paddingSide,
    padToMultipleOf: padToMultipleOf ?? padding?.padToMultipleOf ?? null,
    padTypeId: padding?.padTypeId ?? 0,
    padId,
    padToken: padding?.padToken ?? settings.specialTokens.pad ?? '[PAD]',
  })
  const longest = padded.find(({ length }) => length !== padded[0]!.length)
  if (longest !== undefined) {
    throw new HeddleError(
      'usage',
      `Tokenizer.encodeArrays: expected texts of at most padToLength ${padToLength} tokens, got ${longest.length}. Set maxLength.`,
    )
  }
  return tokenArrays(padded)
}
