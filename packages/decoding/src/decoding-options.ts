import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from './logits-processor.ts'
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
  /** Further changes to the logits, after the above. */
  readonly processors?: readonly LogitsProcessor[]
  /** Ends a row before its end symbol. */
  readonly stop?: StopCondition
  /** Whether to return the attention weights of each step (default false). */
  readonly attention?: boolean
  /** Ends decoding after the current step; the tokens so far are returned. */
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
  const processors: LogitsProcessor[] = []
  if (options.repetitionPenalty !== undefined && options.repetitionPenalty !== 1) {
    processors.push(repetitionPenalty(options.repetitionPenalty))
  }
  if (options.noRepeatNgram !== undefined) processors.push(noRepeatNgram(options.noRepeatNgram))
  if (minLength > 0) processors.push(minimumLength(minLength, ends))
  processors.push(...(options.processors ?? []))
  return { prompts, ends: new Set(ends), processors }
}
