import { parseConfig } from '@heddle/core'
import * as z from 'zod'
import type { Asset } from '../task/assets.ts'

/** Longest beginning and end of a word, in characters. */
const LONGEST = 4

/** Kinds of attributes: beginnings and ends of each length, the form in small letters, and the shape. */
const NUM_KINDS = 2 * LONGEST + 2

/** The kind that tells the word itself. */
const FORM = 2 * LONGEST

/** Number of different words that have an attribute in common for it to be learned; of words with a form in small letters, seen or not. */
const LEAST = 2

/** The learned attributes of each kind, sorted; no kinds where the model reads none. */
export type LexicalAttributes = readonly (readonly string[])[]

const attributeLists = z.array(z.array(z.string()))

export const attributesAsset: Asset<LexicalAttributes> = {
  file: 'attributes.json',
  toJSON: (attributes) => attributes,
  fromJSON: (json, where) => parseConfig(where, attributeLists, json),
}

/**
 * Learns the attributes that several words share.
 *
 * @param words the words with their numbers of occurrences
 */
export function learnAttributes(words: ReadonlyMap<string, number>): LexicalAttributes {
  const counts = Array.from({ length: NUM_KINDS }, () => new Map<string, number>())
  for (const [word, occurrences] of words) {
    for (const [kind, attribute] of attributesOf(word).entries()) {
      if (attribute === undefined) continue
      const count = kind === FORM ? occurrences : 1
      counts[kind]!.set(attribute, (counts[kind]!.get(attribute) ?? 0) + count)
    }
  }
  return counts.map((ofKind) =>
    [...ofKind]
      .filter(([, count]) => count >= LEAST)
      .map(([attribute]) => attribute)
      .sort(),
  )
}

/** Numbers the attributes of words, one for each kind: 0 stands for unknown ones, and for those that are longer than the word. */
export function attributeIds(attributes: LexicalAttributes): (word: string) => readonly number[] {
  let next = 1
  const ids = attributes.map((ofKind) => new Map(ofKind.map((attribute) => [attribute, next++])))
  return (word) => {
    const ofWord = ids.length === 0 ? [] : attributesOf(word)
    return ids.map((ofKind, kind) => ofKind.get(ofWord[kind] ?? '') ?? 0)
  }
}

/** The ids of a word that is not known, although its beginnings and ends are. */
export const withoutForm = (ids: readonly number[]): readonly number[] =>
  ids.map((id, kind) => (kind === FORM ? 0 : id))

/** The size of a table of attributes: its rows, and the attributes of a word. */
export const attributeSizes = (attributes: LexicalAttributes) => ({
  numAttributes: 1 + attributes.reduce((sum, { length }) => sum + length, 0),
  perWord: attributes.length,
})

/** Beginnings and ends of one to four characters, undefined where the word is shorter; the form in small letters; the shape. */
function attributesOf(word: string): (string | undefined)[] {
  const characters = [...word]
  const lengths = Array.from({ length: Math.min(LONGEST, characters.length) }, (_, i) => i + 1)
  const attributes = new Array<string | undefined>(NUM_KINDS)
  for (const length of lengths) {
    attributes[length - 1] = characters.slice(0, length).join('')
    attributes[LONGEST + length - 1] = characters.slice(-length).join('')
  }
  attributes[FORM] = word.toLowerCase()
  attributes[FORM + 1] = shapeOf(word)
  return attributes
}

/** `Anna` has the shape Aa, `U.S.` A.A., `3.50` 0.0: letters and digits by their kind, runs of one kind once. */
const shapeOf = (word: string): string =>
  word
    .replaceAll(/\p{Lu}+/gu, 'A')
    .replaceAll(/\p{Ll}+/gu, 'a')
    .replaceAll(/\p{Nd}+/gu, '0')
    .replaceAll(/\p{Lo}+/gu, 'x')
