import { HeddleError } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import type { FrameIds } from './writing-task.ts'

/** The tokens that every tokenizer of targets has, with the ids 0 to 3. */
export const TARGET_TOKENS = ['<pad>', '<unk>', '<sos>', '<eos>']

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

/** A token as a reader wants to see it, without the marks that say where it touches its neighbour. */
export function pieceOf(tokenizer: Tokenizer, id: number): string {
  const token = tokenizer.idToToken(id) ?? `${id}`
  return token.length > 1 ? token.replaceAll(/[\uffed\u2581]/gu, '') : token
}
