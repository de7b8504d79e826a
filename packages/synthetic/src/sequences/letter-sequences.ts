import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import type { TextPair } from '../shared/distinct-pairs.ts'
import { drawDistinct } from '../shared/draw-distinct.ts'

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz']

export interface LetterSequencesOptions {
  /** Number of letters of the shortest sequence; 1 by default. */
  readonly shortest?: number
  /** Number of letters of the longest sequence; 10 by default. */
  readonly longest?: number
  /** Number of different letters, at most 26; 10 by default. */
  readonly letters?: number
}

/**
 * Sequences of letters, to the same sequence: `cab`, `cab`. All lengths are equally frequent, as far as there are that many
 * different sequences.
 *
 * @see Graves, Wayne & Danihelka 2014, "Neural Turing machines", section 4.1
 */
export function copyPairs(count: number, rng: RandomStream, options?: LetterSequencesOptions): TextPair[] {
  return sequences('copyPairs', count, rng, options, (letters) => letters)
}

/**
 * Sequences of letters, to the sequence from its end: `cab`, `bac`.
 *
 * @see Grefenstette et al. 2015, "Learning to transduce with unbounded memory"
 */
export function reversePairs(count: number, rng: RandomStream, options?: LetterSequencesOptions): TextPair[] {
  return sequences('reversePairs', count, rng, options, (letters) => letters.toReversed())
}

/**
 * Sequences of letters, to the same letters in the order of the alphabet: `cab`, `abc`.
 *
 * @see Vinyals, Bengio & Kudlur 2016, "Order matters: sequence to sequence for sets"
 */
export function sortPairs(count: number, rng: RandomStream, options?: LetterSequencesOptions): TextPair[] {
  return sequences('sortPairs', count, rng, options, (letters) => letters.toSorted())
}

function sequences(
  generator: string,
  count: number,
  rng: RandomStream,
  { shortest = 1, longest = 10, letters = 10 }: LetterSequencesOptions = {},
  change: (letters: readonly string[]) => readonly string[],
): TextPair[] {
  checkInteger(generator, 'a shortest length', shortest, 1)
  checkInteger(generator, 'a longest length', longest, shortest)
  checkInteger(generator, 'a number of letters', letters, 2)
  const alphabet = ALPHABET.slice(0, letters)
  return drawDistinct(
    generator,
    count,
    () => {
      const drawn = Array.from({ length: shortest + rng.integer(longest - shortest + 1) }, () => rng.pick(alphabet))
      return { source: drawn.join(''), target: change(drawn).join('') }
    },
    ({ source }) => source,
  )
}
