import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import type { TextPair } from '../shared/distinct-pairs.ts'
import { drawDistinct } from '../shared/draw-distinct.ts'

/** Draws of two digits until they carry, or not, as they should; a few pairs of places cannot. */
const TRIES = 30

export interface AdditionPairsOptions {
  /** Number of digits of the longer number in the shortest sum; 1 by default. */
  readonly shortest?: number
  /** Number of digits of the longer number in the longest sum; 5 by default. */
  readonly longest?: number
  /** Numbers that are written from the last digit to the first: none of them by default, the result, or all. */
  readonly reversed?: 'none' | 'result' | 'all'
}

/**
 * Sums of two numbers to their results: `58+7`, `65`. The longer number has each number of digits equally often. Carries are as
 * frequent as other places: with digits that are drawn evenly, long chains of carries would hardly occur.
 *
 * At each step, a result that is written from its last digit (`56`) depends on two digits and a carry; from its first digit it
 * depends on all digits that follow. Numbers that are added can be written in that order too, so that digits of one place have one
 * distance from the start of their numbers.
 *
 * @see Zaremba & Sutskever 2014, "Learning to execute"; Lee et al. 2023, "Teaching arithmetic to small Transformers" for reversed
 * results and balanced carries; Zhou et al. 2024, "Transformers can achieve length generalization but not robustly" for numbers in
 * that order
 */
export function additionPairs(
  count: number,
  rng: RandomStream,
  { shortest = 1, longest = 5, reversed = 'none' }: AdditionPairsOptions = {},
): TextPair[] {
  checkInteger('additionPairs', 'a shortest length', shortest, 1)
  checkInteger('additionPairs', 'a longest length', longest, shortest)
  return drawDistinct(
    'additionPairs',
    count,
    () => {
      const [a, b] = drawNumbers(shortest + rng.integer(longest - shortest + 1), rng)
      const result = (BigInt(a) + BigInt(b)).toString()
      const numbers = reversed === 'all' ? [a, b].map(fromLast) : [a, b]
      return { source: numbers.join('+'), target: reversed === 'none' ? result : fromLast(result) }
    },
    ({ source }) => source,
  )
}

const fromLast = (digits: string) => [...digits].reverse().join('')

/** Two numbers, the longer one of `length` digits, in a random order. */
function drawNumbers(length: number, rng: RandomStream): readonly [string, string] {
  const shorter = rng.uniform() < 0.5 ? length : 1 + rng.integer(length)
  // Each sum has its own share of carries, so that all numbers of carries occur.
  const carries = rng.uniform()
  const [long, short]: [string[], string[]] = [[], []]
  let carry = 0
  for (let place = 0; place < length; place++) {
    const wanted = rng.uniform() < carries
    const digit = (numDigits: number) =>
      place >= numDigits ? 0 : place === numDigits - 1 ? 1 + rng.integer(9) : rng.integer(10)
    let [x, y] = [digit(length), digit(shorter)]
    for (let i = 0; i < TRIES && x + y + carry >= 10 !== wanted; i++) [x, y] = [digit(length), digit(shorter)]
    carry = x + y + carry >= 10 ? 1 : 0
    long.unshift(`${x}`)
    if (place < shorter) short.unshift(`${y}`)
  }
  const numbers = [long.join(''), short.join('')] as const
  return rng.uniform() < 0.5 ? numbers : [numbers[1], numbers[0]]
}

/**
 * Number of places of a sum that carry into the next one: 1 for `58+7`.
 *
 * @param reversed whether its numbers are written from the last digit to the first
 */
export function countCarries(sum: string, reversed = false): number {
  const [a = '', b = ''] = sum.split('+').map((number) => (reversed ? [...number] : [...number].reverse()).map(Number))
  let [carry, count] = [0, 0]
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    carry = Number(a[place] ?? 0) + Number(b[place] ?? 0) + carry >= 10 ? 1 : 0
    count += carry
  }
  return count
}
