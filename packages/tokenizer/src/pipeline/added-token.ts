import { HeddleError, show } from '@heddle/core'

/** A token that is found in the text before anything else happens to it, and is never split. */
export interface AddedToken {
  readonly content: string
  /** Match only where no word character touches it. */
  readonly singleWord: boolean
  /** Take in the white space on its left. */
  readonly lstrip: boolean
  /** Take in the white space on its right. */
  readonly rstrip: boolean
  /** Look for it in the normalized text, not in the text as given. */
  readonly normalized: boolean
  /** Left out when decoding, unless asked for. */
  readonly special: boolean
}

/** An added token by its content, or with some of its flags. */
export type AddedTokenInput = string | (Pick<AddedToken, 'content'> & Partial<AddedToken>)

/** Fills in what is not given: no flags, and special tokens are matched before normalization. */
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
