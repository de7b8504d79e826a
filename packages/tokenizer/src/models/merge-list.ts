import { HeddleError, show } from '@heddle/core'
import type { Vocabulary } from '../pipeline/vocabulary.ts'

/** The two tokens that a merge joins. */
export type Merge = readonly [left: string, right: string]

/** Merges as one list: left and right token of each in turn. Half a million pairs as arrays would take most of the time of reading a file. */
export interface FlatMerges {
  readonly flat: readonly string[]
}

const isFlat = (merges: readonly Merge[] | FlatMerges): merges is FlatMerges => !Array.isArray(merges)

/** Left and right token of each merge in turn. */
export const flatMerges = (merges: readonly Merge[] | FlatMerges): readonly string[] =>
  isFlat(merges) ? merges.flat : merges.flat()

/** Ids of the left token, the right token and the result of each merge in turn. */
export function mergeIds(vocabulary: Vocabulary, merges: readonly string[], prefixLength: number): Int32Array {
  const ids = new Int32Array((merges.length / 2) * 3)
  const idOf = (token: string, i: number): number => {
    const id = vocabulary.id(token)
    if (id !== undefined) return id
    throw new HeddleError(
      'format',
      `BPE.merges[${i / 2}]: expected ${show(token)} in the vocabulary, got none. Check the file.`,
    )
  }
  for (let i = 0, at = 0; i < merges.length; i += 2) {
    const left = merges[i]!
    const right = merges[i + 1]!
    ids[at++] = idOf(left, i)
    ids[at++] = idOf(right, i)
    ids[at++] = idOf(left + (prefixLength === 0 ? right : right.slice(prefixLength)), i)
  }
  return ids
}

/** Merges of a tokenizer.json: pairs, or in older files strings with a space between the two, after an optional line `#version: …`. */
export function readMerges(value: unknown): FlatMerges {
  if (!Array.isArray(value))
    throw new HeddleError('format', `BPE.merges: expected a list, got ${show(value)}. Check the file.`)
  const flat: string[] = []
  for (const [rank, merge] of (value as unknown[]).entries()) {
    if (typeof merge === 'string') {
      if (merge.startsWith('#version')) continue
      const space = merge.indexOf(' ')
      if (space >= 0 && merge.indexOf(' ', space + 1) < 0) {
        flat.push(merge.slice(0, space), merge.slice(space + 1))
        continue
      }
    } else if (
      Array.isArray(merge) &&
      merge.length === 2 &&
      typeof merge[0] === 'string' &&
      typeof merge[1] === 'string'
    ) {
      flat.push(merge[0], merge[1])
      continue
    }
    throw new HeddleError(
      'format',
      `BPE.merges[${rank}]: expected a pair of strings, got ${show(merge)}. Check the file.`,
    )
  }
  return { flat }
}
