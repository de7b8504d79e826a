import { HeddleError } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'

/** The special tokens of every tokenizer of targets, with the ids 0 to 3. */
export const TARGET_TOKENS = ['<pad>', '<unk>', '<sos>', '<eos>']

/** The ids that frame a target. */
export interface FrameIds {
  readonly pad: number
  readonly start: number
  readonly end: number
}

/** The ids of a tokenizer with the names of {@link TARGET_TOKENS}, or Marian's, whose targets start with the padding symbol. */
export function frameIds(tokenizer: Tokenizer): FrameIds {
  const pad = idOf(tokenizer, '<pad>')
  return { pad, start: tokenizer.tokenToId('<sos>') ?? pad, end: idOf(tokenizer, '<eos>', '</s>') }
}

/**
 * The id of a token.
 *
 * @param others further names of the token
 * @throws HeddleError `format` for a tokenizer without the token
 */
export function idOf(tokenizer: Tokenizer, token: string, ...others: readonly string[]): number {
  for (const name of [token, ...others]) {
    const id = tokenizer.tokenToId(name)
    if (id !== undefined) return id
  }
  throw new HeddleError(
    'format',
    `tokenizer: expected the token ${[token, ...others].join(' or ')}, got a tokenizer without it. Use a tokenizer that has it.`,
  )
}

/** A token for people, without the marks that say where it touches its neighbor. */
export function tokenText(tokenizer: Tokenizer, id: number): string {
  const token = tokenizer.idToToken(id) ?? `${id}`
  return token.length > 1 ? token.replaceAll(/[\uffed\u2581]/gu, '') : token
}
