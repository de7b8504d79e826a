import type { TextPiece } from './read-text.ts'

/** A property of a text that a unit may follow: a number for each piece. */
export interface TextProperty {
  readonly name: string
  readonly values: Float32Array // [T]
}

/** What a property is computed from: a piece and where it stands. */
interface Place {
  readonly text: string
  /** What follows the piece in the text, up to the next piece's end. */
  readonly next: string
  readonly before: string
  /** Which piece of the text it is. */
  readonly index: number
  /** How many pieces of its line, and letters of its word, come before. */
  readonly inLine: number
  readonly inWord: number
  readonly inQuotes: boolean
  readonly inBrackets: boolean
}

type Measure = (place: Place) => number | boolean

const LETTER = /^[\p{L}\p{M}\p{N}'’]/u

const CHARACTER_PROPERTIES: Readonly<Record<string, Measure>> = {
  'inside quotes': ({ inQuotes }) => inQuotes,
  'inside brackets': ({ inBrackets }) => inBrackets,
  'position in line': ({ inLine }) => inLine,
  'position in word': ({ inWord }) => inWord,
  'position in text': ({ index }) => index,
  'first letter of a word': ({ text, before }) => LETTER.test(text) && !LETTER.test(before),
  'last letter of a word': ({ text, next }) => LETTER.test(text) && !LETTER.test(next),
  vowel: ({ text }) => /^[aeiou]/.test(text.normalize('NFD').toLowerCase()),
  'capital letter': ({ text }) => /^\p{Lu}/u.test(text),
  digit: ({ text }) => /^\p{N}/u.test(text),
  space: ({ text }) => /^[^\S\n]/u.test(text),
  'end of a line': ({ text }) => text.startsWith('\n'),
  punctuation: ({ text }) => /^\p{P}/u.test(text),
}

const WORD_PROPERTIES: Readonly<Record<string, Measure>> = {
  'inside quotes': ({ inQuotes }) => inQuotes,
  'inside brackets': ({ inBrackets }) => inBrackets,
  'position in text': ({ index }) => index,
  'first word': ({ index }) => index === 0,
  'word length': ({ text }) => [...text].length,
  'capital letter': ({ text }) => /^\p{Lu}/u.test(text),
  number: ({ text }) => /^\p{N}/u.test(text),
  punctuation: ({ text }) => /^\p{P}+$/u.test(text),
}

/**
 * Simple properties of a text at each of its pieces. Where a piece is a character: inside quotes or brackets, positions in line,
 * word and text, first and last letter of a word, vowel, capital, digit, space, line end, punctuation; where it is a word or a
 * part of one: those that words have. A property that is the same everywhere says nothing and is left out.
 */
export function textProperties(pieces: readonly TextPiece[]): TextProperty[] {
  const isCharacters = pieces.every(({ text, gap }) => gap === '' && [...text].length <= 1)
  const places = placesOf(pieces)
  return Object.entries(isCharacters ? CHARACTER_PROPERTIES : WORD_PROPERTIES)
    .map(([name, measure]) => ({ name, values: Float32Array.from(places, (place) => Number(measure(place))) }))
    .filter(({ values }) => values.some((value) => value !== values[0]))
}

function placesOf(pieces: readonly TextPiece[]): Place[] {
  let [inLine, inWord, depth, inQuotes] = [0, 0, 0, false]
  return pieces.map(({ text }, index) => {
    const following = pieces[index + 1]
    const next = following === undefined ? '' : following.gap + following.text
    // Marks stand inside what they enclose only in so far as text follows them within it.
    if (/^[)\]}]/.test(text)) depth = Math.max(0, depth - 1)
    const closes = inQuotes && /^["”]/.test(text)
    if (closes) inQuotes = false
    const place = {
      text,
      next,
      before: index === 0 ? '' : pieces[index - 1]!.text,
      index,
      inLine,
      inWord,
      inQuotes,
      inBrackets: depth > 0,
    }
    if (!closes && /^["“]/.test(text)) inQuotes = true
    if (/^[([{]/.test(text)) depth++
    inLine = text.includes('\n') ? 0 : inLine + 1
    inWord = LETTER.test(text) ? inWord + 1 : 0
    return place
  })
}
