import { HeddleError, show, suggest } from '@heddle/core'
import type { DecodingOptions } from '@heddle/decoding'
import type { Tokenizer } from '@heddle/tokenizer'
import * as z from 'zod'

const token = z.union([z.string(), z.int().min(0)])
const tokenList = z.array(token).optional()

/** Settings of tasks and uses that write text: constraints on the text. Tokens are named, or given by id. */
export const constraintFields = {
  minLength: z.int().min(0).optional().describe('number of tokens before a text may end (default: 0)'),
  repetitionPenalty: z
    .number()
    .positive()
    .optional()
    .describe('above 1 makes tokens that occurred before less probable (default: 1)'),
  noRepeatNgram: z.int().min(1).optional().describe('runs of this many tokens occur at most once (default: off)'),
  badWords: z.array(z.string().min(1)).optional().describe('words or phrases that are never written'),
  forbidden: tokenList.describe('tokens that are never written'),
  forbiddenAtStart: tokenList.describe('tokens with which a text does not start'),
  forcedStart: token.optional().describe('token with which a text starts, such as that of a language'),
  forcedEnd: token.optional().describe('token with which a text of full length ends'),
}

const constraints = z.object(constraintFields)
export type DecodingConstraints = z.output<typeof constraints>

/**
 * Options of decoding for these settings.
 *
 * @throws HeddleError `unknown-name` for a token that the tokenizer does not know
 */
export function constraintOptions(settings: DecodingConstraints, tokenizer: Tokenizer): Partial<DecodingOptions> {
  const { badWords, forbidden, forbiddenAtStart, forcedStart, forcedEnd } = settings
  const id = (token: string | number) => (typeof token === 'number' ? token : idOfToken(tokenizer, token))
  // A word has other tokens within a text than at its start.
  const sequences = badWords?.flatMap((words) =>
    [words, ` ${words}`].map((text) => tokenizer.encodeIds(text, { addSpecialTokens: false })),
  )
  const given = {
    minLength: settings.minLength,
    repetitionPenalty: settings.repetitionPenalty,
    noRepeatNgram: settings.noRepeatNgram,
    forbiddenSequences: sequences?.filter(({ length }) => length > 0),
    forbidden: forbidden?.map(id),
    forbiddenAtStart: forbiddenAtStart?.map(id),
    forcedStart: forcedStart === undefined ? undefined : id(forcedStart),
    forcedEnd: forcedEnd === undefined ? undefined : id(forcedEnd),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function idOfToken(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.tokenToId(token)
  if (id !== undefined) return id
  const known = tokenizer.vocabulary().keys()
  throw new HeddleError(
    'unknown-name',
    `decoding: expected a token of the vocabulary, got ${show(token)}. ${suggest(token, known)}`,
  )
}
