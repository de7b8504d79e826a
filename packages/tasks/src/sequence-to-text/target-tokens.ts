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

export function frameIds(tokenizer: Tokenizer): FrameIds {
  return { pad: idOf(tokenizer, '<pad>'), start: idOf(tokenizer, '<sos>'), end: idOf(tokenizer, '<eos>') }
}

/** @throws HeddleError `format` for a tokenizer without the token */
export function idOf(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.tokenToId(token)
  if (id === undefined) {
    throw new HeddleError(
      'format',
      `tokenizer: expected the token ${token}, got a tokenizer without it. Train the run again.`,
    )
  }
  return id
}

/** A token for people, without the marks that say where it touches its neighbor. */
export function tokenText(tokenizer: Tokenizer, id: number): string {
  const token = tokenizer.idToToken(id) ?? `${id}`
  return token.length > 1 ? token.replaceAll(/[\uffed\u2581]/gu, '') : token
}
