import type { RandomStream } from '@heddle/core'
import { distinctPairs, type PairPattern, type TextPair } from '../shared/distinct-pairs.ts'
import {
  condition,
  element,
  type Listing,
  listing,
  MAPPINGS,
  NUMBER_LISTS,
  ordinal,
  pick,
  STRINGS,
  TEXT_LISTS,
} from './python-parts.ts'

type Line = (rng: RandomStream) => TextPair

const pair = (source: string, target: string): TextPair => ({ source, target })

/** Variable names for results. */
const RESULTS = ['result', 'answer', 'output', 'selected', 'total', 'value'] as const

/** A statement that stores, prints or returns an expression. */
function assigned(rng: RandomStream, what: string, expression: string): TextPair {
  const name = rng.pick(RESULTS)
  return rng.pick([
    () => pair(`store ${what} in ${name}`, `${name} = ${expression}`),
    () => pair(`set ${name} to ${what}`, `${name} = ${expression}`),
    () => pair(`print ${what}`, `print(${expression})`),
    () => pair(`return ${what}`, `return ${expression}`),
  ])()
}

const REDUCTIONS: readonly (readonly [words: string, code: (list: string) => string])[] = [
  ['the sum of', (list) => `sum(${list})`],
  ['the largest of', (list) => `max(${list})`],
  ['the smallest of', (list) => `min(${list})`],
  ['the number of', (list) => `len(${list})`],
  ['the mean of', (list) => `sum(${list}) / len(${list})`],
  ['the distinct', (list) => `set(${list})`],
]

/** A sum, maximum or another reduction of a list. */
function reduction(rng: RandomStream): TextPair {
  const { name } = listing(rng, NUMBER_LISTS)
  const [words, code] = rng.pick(REDUCTIONS)
  return assigned(rng, `${words} ${name}`, code(name))
}

/** A sum over the elements that meet a condition. */
function filteredSum(rng: RandomStream): TextPair {
  const list = listing(rng, NUMBER_LISTS)
  const { words, code } = condition(rng, list.item)
  return assigned(
    rng,
    `the sum of all ${list.name} that are ${words}`,
    `sum(${list.item} for ${list.item} in ${list.name} if ${code})`,
  )
}

/** A list made from another: an expression of each element, of all of them or of some. */
function comprehension(rng: RandomStream): TextPair {
  const list = listing(rng, NUMBER_LISTS)
  const { item, name } = list
  const of = rng.uniform() < 0.75 ? element(rng, item) : { words: '', code: item }
  const some = of.words === '' || rng.uniform() < 0.5 ? condition(rng, item) : undefined
  const words = `${of.words === '' ? 'the' : `${of.words} all`} ${name}${some ? ` that are ${some.words}` : ''}`
  return assigned(rng, `a list of ${words}`, `[${of.code} for ${item} in ${name}${some ? ` if ${some.code}` : ''}]`)
}

const TEXT_CHANGES: readonly (readonly [words: string, code: (text: string) => string])[] = [
  ['in upper case', (text) => `${text}.upper()`],
  ['in lower case', (text) => `${text}.lower()`],
  ['without surrounding spaces', (text) => `${text}.strip()`],
  ['reversed', (text) => `${text}[::-1]`],
  ['as an integer', (text) => `int(${text})`],
]

function textComprehension(rng: RandomStream): TextPair {
  const { name, item } = listing(rng, TEXT_LISTS)
  const [words, code] = rng.pick(TEXT_CHANGES)
  const n = 2 + rng.integer(9)
  const some = rng.pick([
    { words: '', code: '' },
    { words: ` longer than ${n} characters`, code: ` if len(${item}) > ${n}` },
    { words: ` that start with ${pick(rng, 'letter')}`, code: '' },
  ])
  const letter = some.words.at(-1)!
  const test = some.words.includes('start') ? ` if ${item}.startswith('${letter}')` : some.code
  return assigned(rng, `a list of all ${name}${some.words} ${words}`, `[${code(item)} for ${item} in ${name}${test}]`)
}

/** Single elements and slices, counted from either end; programmers count from 0, people from 1. */
function slice(rng: RandomStream): TextPair {
  const { name, item } = listing(rng, rng.uniform() < 0.5 ? NUMBER_LISTS : TEXT_LISTS)
  const n = 2 + rng.integer(14)
  const m = n + 1 + rng.integer(12)
  return rng.pick([
    () => assigned(rng, `the first ${item} of ${name}`, `${name}[0]`),
    () => assigned(rng, `the last ${item} of ${name}`, `${name}[-1]`),
    () => assigned(rng, `the first ${n} ${name}`, `${name}[:${n}]`),
    () => assigned(rng, `the last ${n} ${name}`, `${name}[-${n}:]`),
    () => assigned(rng, `all ${name} but the first ${n}`, `${name}[${n}:]`),
    () => assigned(rng, `every ${ordinal(n)} ${item} of ${name}`, `${name}[::${n}]`),
    () => assigned(rng, `${name} from index ${n} up to ${m}`, `${name}[${n}:${m}]`),
  ])()
}

/** Statements that change a list. */
function change(rng: RandomStream): TextPair {
  const { name, item } = listing(rng, NUMBER_LISTS)
  const n = rng.integer(100)
  return rng.pick([
    () => pair(`append ${n} to ${name}`, `${name}.append(${n})`),
    () => pair(`add ${n} at the front of ${name}`, `${name}.insert(0, ${n})`),
    () => pair(`remove the last ${item} from ${name}`, `${name}.pop()`),
    () => pair(`sort ${name} in place`, `${name}.sort()`),
    () => pair(`sort ${name} in descending order`, `${name}.sort(reverse=True)`),
    () => pair(`reverse ${name} in place`, `${name}.reverse()`),
    () => assigned(rng, `${name} in ascending order`, `sorted(${name})`),
    () => assigned(rng, `whether ${n} is in ${name}`, `${n} in ${name}`),
    () => assigned(rng, `how often ${n} occurs in ${name}`, `${name}.count(${n})`),
  ])()
}

/** Sorting by a key. */
function sortedBy(rng: RandomStream): TextPair {
  const { name, item } = listing(rng, TEXT_LISTS)
  const reverse = rng.uniform() < 0.5
  const [words, key] = rng.pick([
    ['by length', 'len'],
    ['by their last letter', `lambda ${item}: ${item}[-1]`],
    ['without regard to case', 'str.lower'],
  ] as const)
  return assigned(
    rng,
    `${name} sorted ${words}${reverse ? ' in descending order' : ''}`,
    `sorted(${name}, key=${key}${reverse ? ', reverse=True' : ''})`,
  )
}

function mapping(rng: RandomStream): TextPair {
  const { name, key, keys, value } = rng.pick(MAPPINGS)
  const word = pick(rng, 'word')
  const n = rng.integer(100)
  return rng.pick([
    () => pair(`set the ${value} of ${word} in ${name} to ${n}`, `${name}['${word}'] = ${n}`),
    () => pair(`add ${n} to the ${value} of ${word} in ${name}`, `${name}['${word}'] += ${n}`),
    () => assigned(rng, `the ${value} of ${word} in ${name}`, `${name}['${word}']`),
    () => assigned(rng, `the ${value} of ${word} in ${name} or ${n} if missing`, `${name}.get('${word}', ${n})`),
    () => assigned(rng, `whether ${name} has the ${key} ${word}`, `'${word}' in ${name}`),
    () => assigned(rng, `the ${key} with the largest ${value} in ${name}`, `max(${name}, key=${name}.get)`),
    () => {
      const { words, code } = condition(rng, value)
      return assigned(
        rng,
        `the ${keys} of ${name} whose ${value} is ${words}`,
        `[${key} for ${key}, ${value} in ${name}.items() if ${code}]`,
      )
    },
  ])()
}

function strings(rng: RandomStream): TextPair {
  const text = rng.pick(STRINGS)
  const [one, other] = [pick(rng, 'word'), pick(rng, 'letter')]
  const { name: list } = listing(rng, TEXT_LISTS)
  const mark = rng.pick([
    ['commas', ', '],
    ['spaces', ' '],
    ['dashes', '-'],
    ['line breaks', '\\n'],
  ] as const)
  return rng.pick([
    () => assigned(rng, `the words of ${text}`, `${text}.split()`),
    () =>
      assigned(rng, `${text} split at ${mark[0]}`, `${text}.split('${mark[1].trim() === '' ? ' ' : mark[1].trim()}')`),
    () => assigned(rng, `${list} joined with ${mark[0]}`, `'${mark[1]}'.join(${list})`),
    () => assigned(rng, `${text} with ${one} instead of ${other}`, `${text}.replace('${other}', '${one}')`),
    () => assigned(rng, `how often ${other} occurs in ${text}`, `${text}.count('${other}')`),
    () => assigned(rng, `whether ${text} ends with ${one}`, `${text}.endswith('${one}')`),
    () => assigned(rng, `whether ${text} contains ${one}`, `'${one}' in ${text}`),
    () => {
      const [words, code] = rng.pick(TEXT_CHANGES)
      return assigned(rng, `${text} ${words}`, code(text))
    },
  ])()
}

/** A loop or a test with one statement after the colon. */
function statement(rng: RandomStream): TextPair {
  const list: Listing = listing(rng, NUMBER_LISTS)
  const { name, item } = list
  const { words, code } = condition(rng, item)
  const of = element(rng, item)
  const n = 2 + rng.integer(98)
  return rng.pick([
    () => pair(`print every ${item} of ${name}`, `for ${item} in ${name}: print(${item})`),
    () => pair(`print ${of.words} every ${item} of ${name}`, `for ${item} in ${name}: print(${of.code})`),
    () => pair(`print ${item} if it is ${words}`, `if ${code}: print(${item})`),
    () => pair(`append ${item} to ${name} if it is ${words}`, `if ${code}: ${name}.append(${item})`),
    () => pair(`print the numbers from 0 to ${n}`, `for i in range(${n + 1}): print(i)`),
    () => pair(`print the numbers from 1 to ${n}`, `for i in range(1, ${n + 1}): print(i)`),
    () => pair(`count ${item} down to ${n}`, `while ${item} > ${n}: ${item} -= 1`),
  ])()
}

const FUNCTIONS = ['f', 'convert', 'apply', 'compute', 'transform', 'step'] as const

function definition(rng: RandomStream): TextPair {
  const f = rng.pick(FUNCTIONS)
  const { item, name } = listing(rng, NUMBER_LISTS)
  const of = element(rng, item)
  const test = condition(rng, item)
  return rng.pick([
    () => pair(`define ${f} that returns ${of.words} ${item}`, `def ${f}(${item}): return ${of.code}`),
    () => pair(`define ${f} that tells whether ${item} is ${test.words}`, `def ${f}(${item}): return ${test.code}`),
    () => pair(`a lambda for ${of.words} ${item}`, `lambda ${item}: ${of.code}`),
    () => assigned(rng, `${f} of every ${item} of ${name}`, `[${f}(${item}) for ${item} in ${name}]`),
    () => assigned(rng, `whether any ${item} of ${name} is ${test.words}`, `any(${test.code} for ${item} in ${name})`),
    () =>
      assigned(rng, `whether every ${item} of ${name} is ${test.words}`, `all(${test.code} for ${item} in ${name})`),
  ])()
}

const weighted: readonly (readonly [weight: number, draw: Line])[] = [
  [1, reduction],
  [4, filteredSum],
  [6, comprehension],
  [4, textComprehension],
  [4, slice],
  [2, change],
  [1, sortedBy],
  [4, mapping],
  [4, strings],
  [4, statement],
  [4, definition],
]

const PATTERNS: readonly PairPattern[] = weighted.map(([weight, draw]) => ({ weight, draw }))

/**
 * English descriptions, each with exactly one line of Python. The line repeats names, numbers and conditions of the description.
 *
 * @throws HeddleError `config` when there are not that many distinct descriptions
 */
export function pythonDescriptions(count: number, rng: RandomStream): TextPair[] {
  return distinctPairs('pythonDescriptions', PATTERNS, count, rng)
}
