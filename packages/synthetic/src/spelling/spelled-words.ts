import type { RandomStream } from '@heddle/core'
import type { TextPair } from '../shared/distinct-pairs.ts'
import { drawDistinct } from '../shared/draw-distinct.ts'

/** Spelling and sound of a consonant at the start of a syllable. */
const ONSETS: readonly (readonly [letters: string, phones: string])[] = [
  ['b', 'B'],
  ['c', ''],
  ['ch', 'CH'],
  ['d', 'D'],
  ['f', 'F'],
  ['g', ''],
  ['k', 'K'],
  ['l', 'L'],
  ['m', 'M'],
  ['n', 'N'],
  ['p', 'P'],
  ['ph', 'F'],
  ['qu', 'K W'],
  ['r', 'R'],
  ['s', 'S'],
  ['sh', 'SH'],
  ['t', 'T'],
  ['th', 'TH'],
  ['wh', 'W'],
]
const CODAS: readonly (readonly [letters: string, phones: string])[] = [
  ['', ''],
  ['', ''],
  ['', ''],
  ['n', 'N'],
  ['t', 'T'],
  ['ck', 'K'],
  ['ll', 'L'],
  ['m', 'M'],
  ['ng', 'NG'],
  ['x', 'K S'],
  ['st', 'S T'],
]
const CLOSED = CODAS.filter(([letters]) => letters !== '')
/** Vowels: short in a closed syllable, long in an open one or before a silent e at the end. */
const VOWELS: Readonly<Record<string, readonly [short: string, long: string]>> = {
  a: ['AE', 'EY'],
  e: ['EH', 'IY'],
  i: ['IH', 'AY'],
  o: ['AA', 'OW'],
  u: ['AH', 'UW'],
  ee: ['IY', 'IY'],
  oa: ['OW', 'OW'],
  ou: ['AW', 'AW'],
}
/** Consonants that a silent e at the end lengthens the vowel across. */
const BEFORE_SILENT = ['n', 't', 'm', 'l', 'k'] as const

/**
 * Invented words with their sounds, spelled by rules as English has them: two letters for one sound, `c` and `g` that soften
 * before e and i, vowels that are long in open syllables, and a silent e that makes the vowel before it long.
 */
export function spelledWords(count: number, rng: RandomStream): TextPair[] {
  return drawDistinct(
    'spelledWords',
    count,
    () => spelledWord(rng),
    ({ source }) => source,
  )
}

/** One word; a spelling always has the same sounds. */
export function spelledWord(rng: RandomStream): TextPair {
  const numSyllables = 1 + rng.integer(3)
  let source = ''
  const phones: string[] = []
  for (let syllable = 0; syllable < numSyllables; syllable++) {
    const isLast = syllable === numSyllables - 1
    const [onset, sound] = rng.pick(ONSETS)
    const vowel = rng.pick(Object.keys(VOWELS))
    const [short, long] = VOWELS[vowel]!
    // An e at the end is silent, so that a spelling has one sound.
    const [coda, closing] = rng.pick(isLast && vowel === 'e' ? CLOSED : CODAS)
    const isSoft = vowel.startsWith('e') || vowel.startsWith('i')
    const consonant = onset === 'c' ? (isSoft ? 'S' : 'K') : onset === 'g' ? (isSoft ? 'JH' : 'G') : sound
    const silent = isLast && coda === '' && vowel.length === 1 && rng.uniform() < 0.5 ? rng.pick(BEFORE_SILENT) : ''
    const isLong = coda === '' || silent !== ''
    source += onset + vowel + (silent === '' ? coda : `${silent}e`)
    phones.push(consonant, isLong ? long : short, silent === '' ? closing : silent.toUpperCase())
  }
  return { source, target: phones.filter((phone) => phone !== '').join(' ') }
}
