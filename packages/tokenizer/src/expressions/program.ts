import type { CharSet } from './char-set.ts'
import type { Assertion } from './syntax-tree.ts'

/** The operations of a program; operands are in parentheses. */
export const Op = {
  /** The attempt or the look-around or atomic body has matched. */
  Accept: 0,
  /** Fails. */
  Fail: 1,
  /** Takes a text (index, backwards). */
  Text: 2,
  /** Takes a character of a set (index, backwards). */
  Set: 3,
  /** Goes on at one place, and at another if that fails (first, second, number of the fork). */
  Fork: 4,
  /** Goes on elsewhere (place). */
  Jump: 5,
  /** Takes a run of characters of a set, as many as possible first (index of the span). */
  Span: 6,
  /** Requires an assertion (index, index of the word set). */
  Assert: 7,
  /** Requires that a body matches here or does not (place after, 1 if negative, number of the body). */
  Look: 8,
  /** Takes the first match of a body (place after, 0, number of the body). */
  Atomic: 9,
  /** Writes the position into a register (register). */
  Save: 10,
  /** Leaves a loop whose last round took nothing (register, place). */
  LeaveIfEmpty: 11,
  /** Takes the text of a group again (index of the reference). */
  BackReference: 12,
  /** Goes elsewhere if none of some groups has matched (index of the reference, place). */
  Condition: 13,
  /** Goes elsewhere unless the next character is in a set (index, place). */
  UnlessNext: 14,
} as const

export interface Span {
  readonly set: CharSet
  readonly min: number
  readonly max: number
  readonly possessive: boolean
}

export interface Reference {
  /** The registers of the starts of the groups; their ends follow. */
  readonly registers: readonly number[]
  readonly ignoresCase: boolean
}

/** A compiled expression. */
export interface Program {
  readonly ops: readonly number[]
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly c: readonly number[]
  readonly texts: readonly string[]
  readonly sets: readonly CharSet[]
  readonly spans: readonly Span[]
  readonly assertions: readonly Assertion[]
  readonly references: readonly Reference[]
  readonly forks: number
  /** Forks from this number on are within look-arounds and atomic groups. */
  readonly bodies: number
  readonly registers: number
  /** The register of `\K`, or -1. */
  readonly keep: number
  /** Whether what can match at a place depends on how it was reached, so that failures cannot be remembered. */
  readonly hasHistory: boolean
  /** Whether a loop can take nothing in a round. */
  readonly hasEmptyRounds: boolean
  /** The characters with which a match can start, if it cannot be empty. */
  readonly first: CharSet | undefined
  /** The set of an expression that is no more than one set, with how often it is repeated: 1 or more times. */
  readonly single: Span | undefined
}
