import { HeddleError } from '@heddle/core'
import type { Split } from './split-examples.ts'

export interface SplitTextOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Share of the text, before the test part, that is held out for validation. */
  readonly validation: number
  /** Share of the text, at its end, that is held out for the test; 0 for no test part. */
  readonly test: number
  /** Number of characters that training and validation each need. */
  readonly least: number
}

/**
 * Joins texts by line ends and cuts the whole in three: the start to learn from, then the validation part, then the test part.
 *
 * A character is a code point, so a border never falls inside a surrogate pair.
 *
 * @throws HeddleError `data` when the text is too short
 */
export function splitText(
  texts: readonly string[],
  { where, validation, test, least }: SplitTextOptions,
): Split<string> {
  const text = texts.join('\n')
  const length = countCodePoints(text)
  const testStart = Math.floor(length * (1 - test))
  const validationStart = Math.floor(length * (1 - test - validation))
  if (testStart - validationStart < least || validationStart < least) {
    throw new HeddleError(
      'data',
      `${where}: expected a text of at least ${Math.ceil(least / validation)} characters, got ${length}. Use a longer text.`,
    )
  }
  const first = unitOffset(text, validationStart)
  const second = unitOffset(text, testStart)
  return {
    train: [text.slice(0, first)],
    validation: [text.slice(first, second)],
    test: test > 0 ? [text.slice(second)] : [],
  }
}

const isPair = (text: string, at: number) =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00

function countCodePoints(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i += isPair(text, i) ? 2 : 1) count++
  return count
}

/** The offset in UTF-16 units of a code point. */
function unitOffset(text: string, codePoint: number): number {
  let at = 0
  for (let i = 0; i < codePoint; i++) at += isPair(text, at) ? 2 : 1
  return at
}
