import { isAssigned } from '../unicode/assigned.ts'
import { codePointAt } from '../unicode/code-point.ts'

interface Folding {
  /** For each code point with other forms, all forms of the same letter. */
  readonly variants: ReadonlyMap<number, readonly number[]>
  /** Characters whose full folding has several characters, by that folding: `ss` for ß and ẞ. */
  readonly expansions: ReadonlyMap<string, readonly number[]>
  readonly expansionOf: ReadonlyMap<number, string>
}

let cached: Folding | undefined

/** The characters that equal `code` if case is ignored, itself included; I and the dotless ı differ. */
export function caseVariants(code: number): readonly number[] {
  return folding().variants.get(code) ?? [code]
}

/** The several characters that equal the character `code` if case is ignored (`ss` for ß), in lower case. */
export function caseExpansion(code: number): string | undefined {
  return folding().expansionOf.get(code)
}

/** The characters that equal the several characters of `text`, in lower case, if case is ignored. */
export function contractions(text: string): readonly number[] {
  return folding().expansions.get(text) ?? []
}

/** One form of a character for all of its variants. */
function foldCase(code: number): number {
  return caseVariants(code)[0]!
}

/** Whether two texts are equal, character by character, if case is ignored. */
export function equalFolded(a: string, b: string): boolean {
  const fold = (text: string) => Array.from(text, (character) => foldCase(codePointAt(character, 0)))
  const [left, right] = [fold(a), fold(b)]
  return left.length === right.length && left.every((code, i) => code === right[i])
}

const DOTTED_AND_DOTLESS = [0x130, 0x131]
const CASED = /^[\p{Changes_When_Lowercased}\p{Changes_When_Uppercased}]$/u
const LAST_CASED = 0x1ffff

function folding(): Folding {
  if (cached !== undefined) return cached
  const groups = new Map<string, number[]>()
  const expansions = new Map<string, number[]>()
  const expansionOf = new Map<number, string>()
  for (let code = 0x41; code <= LAST_CASED; code++) {
    const character = String.fromCodePoint(code)
    if (!CASED.test(character) || !isAssigned(code)) continue
    const lower = character.toLowerCase()
    const upper = lower.toUpperCase()
    const isSingle = (text: string) => [...text].length === 1
    if (!isSingle(lower) || !isSingle(character.toUpperCase())) {
      const expansion = (isSingle(lower) ? character.toUpperCase() : lower).toLowerCase()
      expansionOf.set(code, expansion)
      expansions.set(expansion, [...(expansions.get(expansion) ?? []), code])
    }
    if (DOTTED_AND_DOTLESS.includes(code)) continue
    // Letters with one upper case are forms of each other: k and the Kelvin sign, s and the long s.
    const key = isSingle(upper) ? upper : isSingle(lower) ? lower : character
    groups.set(key, [...(groups.get(key) ?? []), code])
  }
  // The capital sharp s has the same expansion as the small one, and is its only single upper case.
  const variants = new Map<number, readonly number[]>()
  for (const group of groups.values()) if (group.length > 1) for (const code of group) variants.set(code, group)
  cached = { variants, expansions, expansionOf }
  return cached
}
