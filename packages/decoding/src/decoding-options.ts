import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from './logits-processor.ts'
import { forbidSequences } from './processors/forbid-sequences.ts'
import { forbidTokens, forbidTokensAt } from './processors/forbid-tokens.ts'
import { forceTokens } from './processors/force-tokens.ts'
import { minimumLength } from './processors/minimum-length.ts'
import { noRepeatNgram } from './processors/no-repeat-ngram.ts'
import { repetitionPenalty } from './processors/repetition-penalty.ts'
import type { StopCondition } from './stop-condition.ts'

/** Options that all ways of decoding share. */
export interface DecodingOptions {
  /** Start symbol of every row; short for the prompt [start]. */
  readonly start?: number
  /** Tokens that each row begins with: one list for all rows, or one a row; the lists may differ in length. */
  readonly prompt?: readonly number[] | readonly (readonly number[])[]
  /** Number of rows of the initial state (default: the prompt's rows, or 1). */
  readonly batchSize?: number
  /** End symbol, or several (default: none, so that only `maxLength` ends a row). */
  readonly end?: number | readonly number[]
  /** Largest number of decoded tokens, the end symbol included (transformers' `max_new_tokens`). */
  readonly maxLength: number
  /** Number of decoded tokens before the end symbol is allowed (transformers' `min_new_tokens`; default 0). */
  readonly minLength?: number
  /** Penalty of tokens that occurred before: divides positive logits, multiplies negative ones (default 1: off). */
  readonly repetitionPenalty?: number
  /** Size of the n-grams that may occur only once (default: off). */
  readonly noRepeatNgram?: number
  /** Sequences of tokens that never occur, such as those of bad words (transformers' `bad_words_ids`). */
  readonly forbiddenSequences?: readonly (readonly number[])[]
  /** Tokens that are never decoded (transformers' `suppress_tokens`). */
  readonly forbidden?: readonly number[]
  /** Tokens that are not decoded first, or not after `forcedStart` (transformers' `begin_suppress_tokens`). */
  readonly forbiddenAtStart?: readonly number[]
  /** Token that follows a prompt of one token, the start symbol (transformers' `forced_bos_token_id`), such as a language. */
  readonly forcedStart?: number
  /** Token, or several, one of which stands at `maxLength` (transformers' `forced_eos_token_id`). */
  readonly forcedEnd?: number | readonly number[]
  /** Tokens that stand at given steps; step 0 decodes the first token. */
  readonly forced?: ReadonlyMap<number, number>
  /** Further changes to the logits, after the above. */
  readonly processors?: readonly LogitsProcessor[]
  /** Ends a row before its end symbol. */
  readonly stop?: StopCondition
  /** Whether to return the attention weights of each step (default false). */
  readonly attention?: boolean
  /** Ends decoding after the current step, with the signal's reason; the state is freed. */
  readonly signal?: AbortSignal
}

/** Checked options with their defaults. */
export interface DecodingPlan {
  readonly prompts: readonly (readonly number[])[]
  readonly ends: ReadonlySet<number>
  readonly processors: readonly LogitsProcessor[]
}

/** @throws HeddleError `config` */
export function planDecoding(where: string, options: DecodingOptions): DecodingPlan {
  const { start, prompt, end, maxLength, minLength = 0 } = options
  const fail = (expected: string, got: unknown): never => {
    throw new HeddleError('config', `${where}: expected ${expected}, got ${got}.`)
  }
  if (!Number.isSafeInteger(maxLength) || maxLength < 1) fail('maxLength to be a whole number above 0', maxLength)
  if (!(minLength >= 0 && minLength <= maxLength)) fail(`minLength from 0 to maxLength (${maxLength})`, minLength)
  if ((start === undefined) === (prompt === undefined)) {
    fail('either start or prompt', start === undefined ? 'neither' : 'both')
  }
  const given = prompt ?? [start!]
  const nested = given.length > 0 && given.every((row) => typeof row === 'object')
  const rows = options.batchSize ?? (nested ? given.length : 1)
  const prompts = nested
    ? (given as readonly (readonly number[])[])
    : Array.from({ length: rows }, () => given as readonly number[])
  if (prompts.length !== rows) fail(`prompts for ${rows} rows`, prompts.length)
  if (prompts.some((row) => row.length === 0))
    fail('prompts of at least one token', 'an empty one. Give the start symbol')
  const ends = end === undefined ? [] : typeof end === 'number' ? [end] : end
  const processors = [...standardProcessors(options, ends, prompts), ...(options.processors ?? [])]
  return { prompts, ends: new Set(ends), processors }
}

/** The processors of the options, in the order of transformers' `generate`. */
function standardProcessors(
  options: DecodingOptions,
  ends: readonly number[],
  prompts: readonly (readonly number[])[],
): LogitsProcessor[] {
  const { maxLength, minLength = 0, repetitionPenalty: penalty = 1, noRepeatNgram: ngram } = options
  const { forbiddenSequences: sequences = [], forbidden = [], forbiddenAtStart = [] } = options
  const { forced, forcedStart, forcedEnd } = options
  const processors: LogitsProcessor[] = []
  if (penalty !== 1) processors.push(repetitionPenalty(penalty))
  if (ngram !== undefined) processors.push(noRepeatNgram(ngram))
  const notEnds = sequences.filter((sequence) => !(sequence.length === 1 && ends.includes(sequence[0]!)))
  if (notEnds.length > 0) processors.push(forbidSequences(notEnds))
  if (minLength > 0) processors.push(minimumLength(minLength, ends))
  if (forced !== undefined && forced.size > 0) processors.push(forceTokens(forced))
  if (forcedStart !== undefined) {
    const force = forceTokens(new Map([[0, forcedStart]]))
    processors.push((logits, context) => {
      if (context.history.length === 1) force(logits, context)
    })
  }
  if (forcedEnd !== undefined) processors.push(forceTokens(new Map([[maxLength - 1, forcedEnd]])))
  if (forbidden.length > 0) processors.push(forbidTokens(forbidden))
  if (forbiddenAtStart.length > 0) {
    const follows = forcedStart !== undefined && prompts.every(({ length }) => length === 1)
    processors.push(forbidTokensAt(follows ? 1 : 0, forbiddenAtStart))
  }
  return processors
}
