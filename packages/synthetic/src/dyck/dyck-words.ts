import { HeddleError, type RandomStream, show } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import { drawDistinct } from '../shared/draw-distinct.ts'
import type { TaggedSentence } from '../tagged-sentences/tagged-sentences.ts'

/** Kinds of brackets, opening and closing. */
const BRACKETS: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['⟨', '⟩'],
]
/** Largest number of kinds of brackets. */
export const MOST_KINDS = BRACKETS.length

/** The language of balanced brackets of several kinds, open to a limited depth. */
export interface DyckLanguage {
  /** Number of kinds of brackets, from 1 to {@link MOST_KINDS}; 3 by default. */
  readonly kinds?: number
  /** Largest number of brackets that are open at once; 4 by default. */
  readonly depth?: number
}

export interface DyckWordsOptions extends DyckLanguage {
  /** Number of brackets of the shortest word, even; 2 by default. */
  readonly shortest?: number
  /** Number of brackets of the longest word; 20 by default. */
  readonly longest?: number
}

/**
 * Balanced brackets, a word of the sentence each. The tag of a bracket is the set of brackets that may follow it: after `( [` it is
 * `([{]`, at the largest depth `]` alone, and when all are closed `([{`.
 *
 * @see Hewitt et al. 2020, "RNNs can generate bounded hierarchical languages with optimal memory" for Dyck-(k, m); Suzgun et al.
 * 2019, "LSTM networks can perform dynamic counting" for the prediction of all symbols that may follow
 */
export function dyckWords(
  count: number,
  rng: RandomStream,
  { kinds = 3, depth = 4, shortest = 2, longest = 20 }: DyckWordsOptions = {},
): TaggedSentence[] {
  checkInteger('dyckWords', 'a shortest length', shortest, 2)
  checkInteger('dyckWords', 'a longest length', longest, shortest)
  const language = { kinds, depth }
  checkLanguage('dyckWords', language)
  const least = Math.ceil(shortest / 2)
  const most = Math.floor(longest / 2)
  return drawDistinct(
    'dyckWords',
    count,
    () => nextBrackets(drawWord(2 * (least + rng.integer(most - least + 1)), language, rng), language),
    ({ words }) => words.join(''),
  )
}

function drawWord(length: number, { kinds, depth }: Required<DyckLanguage>, rng: RandomStream): string[] {
  const open: number[] = []
  const word: string[] = []
  while (word.length < length) {
    const mustClose = open.length === depth || open.length === length - word.length
    if (open.length > 0 && (mustClose || rng.uniform() < 0.5)) word.push(BRACKETS[open.pop()!]![1])
    else {
      const kind = rng.integer(kinds)
      open.push(kind)
      word.push(BRACKETS[kind]![0])
    }
  }
  return word
}

/**
 * Brackets with the set of brackets that may follow each.
 *
 * @param word brackets, one by one
 * @param where the word, for messages
 * @throws HeddleError `data` for a bracket that may not stand in its place, or brackets that stay open
 */
export function nextBrackets(word: readonly string[], language: DyckLanguage = {}, where = 'brackets'): TaggedSentence {
  const { kinds = 3, depth = 4 } = language
  checkLanguage('nextBrackets', { kinds, depth })
  const known = BRACKETS.slice(0, kinds)
  const openers = known.map(([open]) => open).join('')
  const open: string[] = []
  const allowed = () => `${open.length < depth ? openers : ''}${open.at(-1) ?? ''}`
  const tags = word.map((bracket, i) => {
    if (!allowed().includes(bracket)) {
      throw new HeddleError(
        'data',
        `${where}: expected one of ${allowed()} as bracket ${i + 1}, got ${show(bracket)}. Correct it, or change data.kinds or data.depth.`,
      )
    }
    const close = known.find(([opener]) => opener === bracket)?.[1]
    if (close === undefined) open.pop()
    else open.push(close)
    return allowed()
  })
  if (open.length === 0) return { words: word, tags }
  throw new HeddleError(
    'data',
    `${where}: expected ${open.reverse().join('')} to follow, got the end. Close all brackets.`,
  )
}

function checkLanguage(where: string, { kinds, depth }: Required<DyckLanguage>): void {
  checkInteger(where, 'a number of kinds', kinds, 1)
  checkInteger(where, 'a depth', depth, 1)
  if (kinds <= MOST_KINDS) return
  throw new HeddleError(
    'config',
    `${where}: expected at most ${MOST_KINDS} kinds of brackets, got ${kinds}. Pass a smaller number.`,
  )
}
