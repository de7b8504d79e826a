import type { RandomStream } from '@heddle/core'
import { capitalized } from '../shared/capitalized.ts'
import { drawDistinct } from '../shared/draw-distinct.ts'
import type { LabeledText } from '../shared/labeled-text.ts'

/** Name structure of an invented people: syllables of onset, vowel and coda, then an ending. */
interface People {
  readonly name: string
  readonly onsets: readonly string[]
  readonly vowels: readonly string[]
  /** Vowel harmony: all vowels of a name belong to one of these classes. */
  readonly harmony?: readonly (readonly string[])[]
  /** The opposite of harmony: the vowels of a name belong to several of these classes. */
  readonly discord?: readonly (readonly string[])[]
  readonly codas: readonly string[]
  readonly endings: readonly string[]
  readonly syllables: readonly [least: number, most: number]
  /** Whether names are written backwards. */
  readonly reversed?: boolean
}

const COAST: Omit<People, 'name'> = {
  onsets: ['k', 't', 'm', 'n', 'r', 's', 'l'],
  vowels: ['a', 'e', 'i', 'o', 'u'],
  codas: [''],
  endings: ['ra', 'ti', 'ko', 'ne'],
  syllables: [1, 3],
}
const HILLS: Omit<People, 'name'> = {
  onsets: ['k', 't', 'm', 'n', 'r', 's', 'l', 'kr', 'st'],
  vowels: ['a', 'e', 'i', 'o', 'u'],
  codas: ['', 'n', 'r', 's', 'l', 'k'],
  endings: ['en', 'ak', 'ol', 'ir'],
  syllables: [1, 2],
}
const BACK_AND_FRONT = [
  ['a', 'o', 'u'],
  ['e', 'i'],
]
const PLAIN: Omit<People, 'name'> = {
  ...HILLS,
  codas: ['', 'n', 'r', 'l'],
  endings: ['k', 'n', 't'],
  syllables: [2, 3],
}
const WOODS: Omit<People, 'name'> = {
  onsets: ['v', 'd', 'b', 'l', 'n'],
  vowels: ['e', 'ie', 'uo'],
  codas: ['', 'n', 's'],
  endings: ['inen', 'la', 'nen'],
  syllables: [2, 3],
}

/** Peoples that share their letters and differ in the order of letters. */
const PEOPLES: readonly People[] = [
  { name: 'Coast', ...COAST },
  // The same names backwards: only the order of letters separates the two.
  { name: 'Island', ...COAST, reversed: true },
  { name: 'Hills', ...HILLS },
  { name: 'Valley', ...HILLS, reversed: true },
  // Vowel harmony against its opposite.
  { name: 'Steppe', ...PLAIN, harmony: BACK_AND_FRONT },
  { name: 'Desert', ...PLAIN, discord: BACK_AND_FRONT },
  { name: 'Forest', ...WOODS },
  { name: 'River', ...WOODS, vowels: ['e', 'ei', 'ou'] },
]
/** Relative numbers of names. They differ, as in real lists of names. */
const SIZES = [6, 3, 5, 2, 4, 4, 2, 2]

function nameOf(people: People, rng: RandomStream): string {
  const { onsets, vowels, harmony, discord, codas, endings, syllables, reversed } = people
  const [least, most] = syllables
  const fitting = harmony === undefined ? vowels : rng.pick(harmony)
  const count = least + rng.integer(most - least + 1)
  const chosen = Array.from({ length: count }, () => rng.pick(fitting))
  if (discord?.some((agreeing) => chosen.every((vowel) => agreeing.includes(vowel)))) return nameOf(people, rng)
  let name = chosen.map((vowel) => rng.pick(onsets) + vowel + rng.pick(codas)).join('')
  const suffix = rng.pick(endings)
  name += /[aeiou]$/.test(name) && /^[aeiou]/.test(suffix) ? rng.pick(onsets) + suffix : suffix
  const letters = reversed ? [...name].reverse().join('') : name
  return capitalized(letters)
}

/**
 * Distinct names of eight invented peoples, each labeled with its people.
 *
 * @throws HeddleError `config` when there are not that many distinct names
 */
export function namesByPeople(count: number, rng: RandomStream): LabeledText[] {
  const draw = () => {
    const people = PEOPLES[rng.weighted(SIZES)]!
    return { text: nameOf(people, rng), label: people.name }
  }
  return drawDistinct('namesByPeople', count, draw, ({ text }) => text)
}
