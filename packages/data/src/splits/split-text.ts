import { HeddleError } from '@heddle/core'
import type { Split } from './split-examples.ts'

export interface SplitTextOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Characters before the test part that are held out for validation: their number, or a share below 1; 0 for none. */
  readonly validation: number
  /** Characters at the end that are held out for the test: their number, or a share below 1; 0 for none. */
  readonly test: number
  /** Number of characters that training needs, and validation if there is any. */
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
  const testStart = test < 1 ? Math.floor(length * (1 - test)) : length - test
  const validationStart =
    test < 1 && validation < 1
      ? Math.floor(length * (1 - test - validation))
      : testStart - (validation < 1 ? Math.floor(length * validation) : validation)
  const numHeldOut = testStart - validationStart
  if (validationStart < least || (validation > 0 && numHeldOut < least)) {
    throw new HeddleError(
      'data',
      `${where}: expected at least ${least} characters for training${validation > 0 ? ' and for validation' : ''}, got ${length} in all, of which ` +
        `${Math.max(0, validationStart)} are for training and ${numHeldOut} for validation. Use a longer text, or hold out another part.`,
    )
  }
  const first = unitOffset(text, validationStart)
  const second = unitOffset(text, testStart)
  return {
    train: [text.slice(0, first)],
    validation: validation > 0 ? [text.slice(first, second)] : [],
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
