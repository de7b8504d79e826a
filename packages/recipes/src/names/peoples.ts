import { RandomStream } from '@heddle/core'
import type { LabelledText } from '../classification/text-classification.ts'

/** How a people builds its names: syllables of onset, vowel and coda, then an ending. */
interface People {
  readonly name: string
  readonly onsets: readonly string[]
  readonly vowels: readonly string[]
  /** Where given, all vowels of a name are of one of these classes. */
  readonly harmony?: readonly (readonly string[])[]
  /** Where given, the vowels of a name are of more than one of these classes. */
  readonly discord?: readonly (readonly string[])[]
  readonly codas: readonly string[]
  readonly endings: readonly string[]
  readonly syllables: readonly [least: number, most: number]
  /** Whether the letters stand in the opposite order. */
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

/** Peoples that share their letters, and differ in where these stand. */
const PEOPLES: readonly People[] = [
  { name: 'Coast', ...COAST },
  // The same letters the other way round: only their order tells the two apart.
  { name: 'Island', ...COAST, reversed: true },
  { name: 'Hills', ...HILLS },
  { name: 'Valley', ...HILLS, reversed: true },
  // Vowels that agree, against vowels that never all do.
  { name: 'Steppe', ...PLAIN, harmony: BACK_AND_FRONT },
  { name: 'Desert', ...PLAIN, discord: BACK_AND_FRONT },
  { name: 'Forest', ...WOODS },
  { name: 'River', ...WOODS, vowels: ['e', 'ei', 'ou'] },
]
/** Peoples are of different sizes, like languages in a list of names. */
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
  return letters.charAt(0).toUpperCase() + letters.slice(1)
}

/** Names of invented peoples with the people that each is of, each name once. */
export function generateNames({ count, seed }: { count: number; seed: number }): LabelledText[] {
  const rng = new RandomStream(seed)
  const names = new Map<string, LabelledText>()
  while (names.size < count) {
    const people = PEOPLES[rng.weighted(SIZES)]!
    const text = nameOf(people, rng)
    if (!names.has(text)) names.set(text, { text, label: people.name })
  }
  return [...names.values()]
}
