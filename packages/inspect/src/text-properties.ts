import type { TextToken } from '@heddle/tasks'

/** A property of a text that a unit may follow: a number for each token. */
export interface TextProperty {
  readonly name: string
  readonly values: Float32Array // [T]
}

/** A token with its place in the text, from which a property is computed. */
interface Place {
  readonly text: string
  /** Text after the token, up to the end of the next one. */
  readonly next: string
  readonly before: string
  /** Number of tokens before it. */
  readonly index: number
  /** Number of tokens of its line, and of letters of its word, before it. */
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
 * Simple properties of a text at each of its tokens. Where a token is a character: inside quotes or brackets, positions in line,
 * word and text, first and last letter of a word, vowel, capital, digit, space, line end, punctuation. Where it is a word or a part
 * of one: the properties of words. A property that is the same everywhere is left out.
 */
export function textProperties(tokens: readonly TextToken[]): TextProperty[] {
  const isCharacters = tokens.every(({ text, gap }) => gap === '' && [...text].length <= 1)
  const places = placesOf(tokens)
  return Object.entries(isCharacters ? CHARACTER_PROPERTIES : WORD_PROPERTIES)
    .map(([name, measure]) => ({ name, values: Float32Array.from(places, (place) => Number(measure(place))) }))
    .filter(({ values }) => values.some((value) => value !== values[0]))
}

function placesOf(tokens: readonly TextToken[]): Place[] {
  let [inLine, inWord, depth, inQuotes] = [0, 0, 0, false]
  return tokens.map(({ text }, index) => {
    const following = tokens[index + 1]
    const next = following === undefined ? '' : following.gap + following.text
    // The marks themselves are outside of what they enclose.
    if (/^[)\]}]/.test(text)) depth = Math.max(0, depth - 1)
    const closes = inQuotes && /^["”]/.test(text)
    if (closes) inQuotes = false
    const place = {
      text,
      next,
      before: index === 0 ? '' : tokens[index - 1]!.text,
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
