import type { RandomStream } from '@heddle/core'

/** A list variable and the name of one element. */
export interface Listing {
  readonly name: string
  readonly item: string
}

const plural = (names: readonly string[]): Listing[] => names.map((item) => ({ name: `${item}s`, item }))

export const NUMBER_LISTS = plural([
  'number',
  'price',
  'score',
  'age',
  'weight',
  'point',
  'grade',
  'size',
  'cost',
  'rate',
  'year',
  'distance',
  'height',
  'count',
])

export const TEXT_LISTS = plural(['word', 'name', 'line', 'title', 'token', 'label', 'song', 'letter', 'town', 'color'])

export const STRINGS = ['text', 'message', 'sentence', 'title', 'line', 'name', 'password', 'answer', 'comment']

export const MAPPINGS = [
  { name: 'ages', key: 'name', keys: 'names', value: 'age' },
  { name: 'prices', key: 'item', keys: 'items', value: 'price' },
  { name: 'scores', key: 'player', keys: 'players', value: 'score' },
  { name: 'stock', key: 'product', keys: 'products', value: 'count' },
  { name: 'grades', key: 'student', keys: 'students', value: 'grade' },
  { name: 'populations', key: 'city', keys: 'cities', value: 'population' },
]

const WORDS = [
  'apple',
  'river',
  'stone',
  'cloud',
  'piano',
  'tiger',
  'lemon',
  'house',
  'paper',
  'bread',
  'green',
  'mina',
  'seoul',
  'oslo',
  'anna',
  'tom',
  'pear',
  'wolf',
  'rain',
  'gold',
]

const LETTERS = [...'abcdefghklmnoprstuvw']

/** A random word or letter for a string. */
export const pick = (rng: RandomStream, kind: 'word' | 'letter'): string => rng.pick(kind === 'word' ? WORDS : LETTERS)

export const listing = (rng: RandomStream, lists: readonly Listing[]): Listing => rng.pick(lists)

/** An ordinal number below 21: 2nd, 3rd, 4th. */
export const ordinal = (n: number): string => `${n}${['th', 'st', 'nd', 'rd'][n] ?? 'th'}`

/** An expression in words and in Python. */
export interface Worded {
  readonly words: string
  readonly code: string
}

/** A condition on a number: `greater than 5`. */
export function condition(rng: RandomStream, x: string): Worded {
  const n = 2 + rng.integer(98)
  const m = n + 1 + rng.integer(60)
  return rng.pick<Worded>([
    { words: 'even', code: `${x} % 2 == 0` },
    { words: 'odd', code: `${x} % 2 == 1` },
    { words: 'positive', code: `${x} > 0` },
    { words: 'negative', code: `${x} < 0` },
    { words: `greater than ${n}`, code: `${x} > ${n}` },
    { words: `less than ${n}`, code: `${x} < ${n}` },
    { words: `at least ${n}`, code: `${x} >= ${n}` },
    { words: `at most ${n}`, code: `${x} <= ${n}` },
    { words: `not equal to ${n}`, code: `${x} != ${n}` },
    { words: `divisible by ${n}`, code: `${x} % ${n} == 0` },
    { words: `between ${n} and ${m}`, code: `${n} <= ${x} <= ${m}` },
  ])
}

/** A function of a number: `the square of`. */
export function element(rng: RandomStream, x: string): Worded {
  const n = 2 + rng.integer(19)
  return rng.pick<Worded>([
    { words: 'the square of', code: `${x} ** 2` },
    { words: 'the cube of', code: `${x} ** 3` },
    { words: 'the double of', code: `${x} * 2` },
    { words: 'half of', code: `${x} / 2` },
    { words: 'the absolute value of', code: `abs(${x})` },
    { words: 'the negative of', code: `-${x}` },
    { words: `${n} more than`, code: `${x} + ${n}` },
    { words: `${n} less than`, code: `${x} - ${n}` },
    { words: `${n} times`, code: `${x} * ${n}` },
    { words: `the remainder by ${n} of`, code: `${x} % ${n}` },
    { words: `the ${ordinal(n)} power of`, code: `${x} ** ${n}` },
  ])
}
