import { parseConfig } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import type { Asset } from '../task/assets.ts'
import { attributeIds, type LexicalAttributes } from './lexical-attributes.ts'

const wordList = z.array(z.string())

/** The words that have a vector of their own; the place of a word is its id minus 1, as 0 stands for unknown words. */
export const wordsAsset: Asset<readonly string[]> = {
  file: 'words.json',
  toJSON: (words) => words,
  fromJSON: (json, where) => parseConfig(where, wordList, json),
}

/** Numbers of words: their ids, 0 for unknown ones, the ids of their letters, and those of their attributes. */
export class Lexicon {
  readonly #ids: ReadonlyMap<string, number>
  readonly #letters: Tokenizer
  readonly #maxLetters: number
  readonly #spellings = new Map<string, readonly number[]>()
  readonly #attributes = new Map<string, readonly number[]>()
  readonly #attributeIds: (word: string) => readonly number[]

  /** @param maxLetters longer words lose their middle */
  constructor(words: readonly string[], letters: Tokenizer, maxLetters: number, attributes: LexicalAttributes = []) {
    this.#attributeIds = attributeIds(attributes)
    this.#ids = new Map(words.map((word, i) => [word, i + 1]))
    this.#letters = letters
    this.#maxLetters = maxLetters
  }

  wordId(word: string): number {
    return this.#ids.get(word) ?? 0
  }

  /** Ids of the lexical attributes of a word; none where none are learned. */
  attributes(word: string): readonly number[] {
    let ids = this.#attributes.get(word)
    if (ids === undefined) this.#attributes.set(word, (ids = this.#attributeIds(word)))
    return ids
  }

  spelling(word: string): readonly number[] {
    let spelling = this.#spellings.get(word)
    if (spelling === undefined) {
      const letters = this.#letters.encodeIds(lettersOf(word))
      const half = Math.floor(this.#maxLetters / 2)
      spelling = letters.length > this.#maxLetters ? [...letters.slice(0, half), ...letters.slice(-half)] : letters
      this.#spellings.set(word, spelling)
    }
    return spelling
  }
}

/** Decomposes Hangul syllables into consonants and vowels: endings such as 한, 할 and 함 differ only in the last of these. */
export const lettersOf = (word: string): string => word.normalize('NFD')
