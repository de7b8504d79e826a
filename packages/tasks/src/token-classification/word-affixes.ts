import { parseConfig } from '@heddle/core'
import * as z from 'zod'
import type { Asset } from '../task/assets.ts'

/** Longest beginning and end of a word, in characters. */
const LONGEST = 3

/** Number of different words that an affix must occur in to be learned. */
const LEAST_WORDS = 2

/**
 * The learned affixes of each kind: the beginnings of one, two and three characters, then the ends; none where the model reads none.
 */
export type WordAffixes = readonly (readonly string[])[]

const affixLists = z.array(z.array(z.string()))

export const affixesAsset: Asset<WordAffixes> = {
  file: 'affixes.json',
  toJSON: (affixes) => affixes,
  fromJSON: (json, where) => parseConfig(where, affixLists, json),
}

/** The affixes that several words share, sorted. */
export function learnAffixes(words: Iterable<string>): WordAffixes {
  const counts = Array.from({ length: 2 * LONGEST }, () => new Map<string, number>())
  for (const word of words) {
    for (const [kind, affix] of affixesOf(word).entries()) {
      if (affix !== undefined) counts[kind]!.set(affix, (counts[kind]!.get(affix) ?? 0) + 1)
    }
  }
  return counts.map((ofKind) =>
    [...ofKind]
      .filter(([, count]) => count >= LEAST_WORDS)
      .map(([affix]) => affix)
      .sort(),
  )
}

/** Numbers affixes: 0 stands for unknown ones, and for those that are longer than the word. */
export function affixIds(affixes: WordAffixes): (word: string) => readonly number[] {
  let next = 1
  const ids = affixes.map((ofKind) => new Map(ofKind.map((affix) => [affix, next++])))
  return (word) => {
    const ofWord = ids.length === 0 ? [] : affixesOf(word)
    return ids.map((ofKind, kind) => ofKind.get(ofWord[kind] ?? '') ?? 0)
  }
}

/** The size of a table of affixes: its rows, and the affixes of a word. */
export const affixSizes = (affixes: WordAffixes) => ({
  numAffixes: 1 + affixes.reduce((sum, { length }) => sum + length, 0),
  perWord: affixes.length,
})

/** Beginnings, then ends, of one, two and three characters; undefined where the word is shorter. */
function affixesOf(word: string): (string | undefined)[] {
  const characters = [...word]
  const cut = (length: number, from: number) =>
    characters.length < length ? undefined : characters.slice(from, from === 0 ? length : undefined).join('')
  const lengths = Array.from({ length: LONGEST }, (_, i) => i + 1)
  return [...lengths.map((length) => cut(length, 0)), ...lengths.map((length) => cut(length, -length))]
}
