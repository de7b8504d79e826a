import { BLANK } from '@heddle/data'

const IS_PUNCTUATION = /^\p{P}$/u

/** Splits a text into words: parts between spaces, without the punctuation at their ends. Each punctuation mark there is a word. */
export function splitWords(text: string): string[] {
  return text.split(/\s+/u).flatMap((part) => {
    // One expression for both ends would try every run of punctuation inside the part to its end.
    const characters = [...part]
    const isMark = (i: number) => IS_PUNCTUATION.test(characters[i]!)
    let [start, end] = [0, characters.length]
    while (start < end && isMark(start)) start++
    while (end > start && isMark(end - 1)) end--
    const word = characters.slice(start, end).join('')
    return [...characters.slice(0, start), ...(word === '' ? [] : [word]), ...characters.slice(end)]
  })
}

/** Splits a text into characters, as data with a character for each word have them; the blanks between two words are one. */
export const splitCharacters = (text: string): string[] => [...text.trim().replaceAll(/\s+/gu, BLANK)]

/** Whether words are characters, as in data with a character on each line. */
export const areCharacters = (words: readonly string[]): boolean =>
  words.length > 0 && words.every((word) => [...word].length === 1)
