import { HeddleError, show } from '@heddle/core'

/** A token that is cut out of the text first, before normalization and splitting. */
export interface AddedToken {
  readonly content: string
  /** Match only where no word character is next to it. */
  readonly singleWord: boolean
  /** Include the white space on its left. */
  readonly lstrip: boolean
  /** Include the white space on its right. */
  readonly rstrip: boolean
  /** Match it in the normalized text instead of the original text. */
  readonly normalized: boolean
  /** Special tokens are skipped when decoding by default. */
  readonly special: boolean
}

/** An added token: its content, or its content with some flags. */
export type AddedTokenInput = string | (Pick<AddedToken, 'content'> & Partial<AddedToken>)

/** Fills in defaults: no flags, and special tokens match before normalization. */
export function addedToken(input: AddedTokenInput, special = false): AddedToken {
  const given: Partial<AddedToken> = typeof input === 'string' ? { content: input } : input
  if (typeof given.content !== 'string' || given.content === '') {
    throw new HeddleError(
      'config',
      `addedToken: expected a content that is not empty, got ${show(given.content)}. Name the token.`,
    )
  }
  const isSpecial = given.special ?? special
  return {
    content: given.content,
    singleWord: given.singleWord ?? false,
    lstrip: given.lstrip ?? false,
    rstrip: given.rstrip ?? false,
    normalized: given.normalized ?? !isSpecial,
    special: isSpecial,
  }
}
