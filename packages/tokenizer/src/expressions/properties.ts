import { isAssigned } from '../unicode/assigned.ts'
import { BINARY_PROPERTIES, CATEGORIES } from '../unicode/property-names.ts'
import { SCRIPTS } from '../unicode/scripts.ts'
import type { CodePointTest } from './char-set.ts'

const ascii =
  (expression: RegExp): CodePointTest =>
  (code) =>
    code < 0x80 && expression.test(String.fromCharCode(code))

/** The code points that a property escape of JavaScript matches, in the pinned version of Unicode. */
function engine(pattern: string): CodePointTest {
  const expression = new RegExp(`^${pattern}$`, 'u')
  return (code) => isAssigned(code) && expression.test(String.fromCodePoint(code))
}

const any: CodePointTest = () => true
const not =
  (test: CodePointTest): CodePointTest =>
  (code) =>
    !test(code)
const both =
  (a: CodePointTest, b: CodePointTest): CodePointTest =>
  (code) =>
    a(code) && b(code)
const either =
  (a: CodePointTest, b: CodePointTest): CodePointTest =>
  (code) =>
    a(code) || b(code)

// The category of U+0295 has changed since: it was a lower case letter.
const GLOTTAL = 0x295
const withGlottal =
  (test: CodePointTest): CodePointTest =>
  (code) =>
    code === GLOTTAL || test(code)
const LOWER = withGlottal(engine('\\p{Lowercase}'))
const SPACE = engine('\\p{White_Space}')
const GRAPH = both(not(SPACE), engine('[^\\p{Cc}\\p{Cs}]'))
const WORD = engine('[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]')
const PUNCT = engine('\\p{P}')

/** The classes of Oniguruma, by their names in brackets (`[[:alpha:]]`). */
export const CLASSES: Readonly<Record<string, CodePointTest>> = {
  alnum: engine('[\\p{Alphabetic}\\p{Nd}]'),
  alpha: engine('\\p{Alphabetic}'),
  ascii: (code) => code < 0x80,
  blank: engine('[\\p{Zs}\\t]'),
  cntrl: engine('\\p{Cc}'),
  digit: engine('\\p{Nd}'),
  graph: GRAPH,
  lower: LOWER,
  print: either(GRAPH, engine('\\p{Zs}')),
  punct: engine('[\\p{P}\\p{S}]'),
  space: SPACE,
  upper: engine('\\p{Uppercase}'),
  word: WORD,
  xdigit: ascii(/[0-9A-Fa-f]/),
}

/** The same classes within ASCII, as the options W, D, S and P ask for. */
export const ASCII_CLASSES: Readonly<Record<string, CodePointTest>> = {
  alnum: ascii(/[0-9A-Za-z]/),
  alpha: ascii(/[A-Za-z]/),
  ascii: CLASSES['ascii']!,
  blank: ascii(/[ \t]/),
  cntrl: (code) => code < 0x20 || code === 0x7f,
  digit: ascii(/[0-9]/),
  graph: ascii(/[!-~]/),
  lower: ascii(/[a-z]/),
  print: ascii(/[ -~]/),
  punct: ascii(/[!-/:-@[-`{-~]/),
  space: ascii(/[\t-\r ]/),
  upper: ascii(/[A-Z]/),
  word: ascii(/\w/),
  xdigit: CLASSES['xdigit']!,
}

// Outside of brackets, the superscripts and fractions of Latin-1 are word characters too.
const LATIN_1_NUMBERS: readonly number[] = [0xb2, 0xb3, 0xb9, 0xbc, 0xbd, 0xbe]

/** The word characters of `\w` outside of brackets, and of word boundaries. */
export const BARE_WORD: CodePointTest = (code) => WORD(code) || LATIN_1_NUMBERS.includes(code)

const normalized = (name: string) => name.replace(/[\s_-]/g, '').toLowerCase()

let known: Map<string, () => CodePointTest> | undefined

/**
 * The code points of a property by its name in `\p{…}`: a class, a general category, a script, or a binary property. Case, spaces, hyphens
 * and underscores in the name do not count.
 */
export function propertyTest(name: string): CodePointTest | undefined {
  known ??= properties()
  const key = normalized(name)
  const found = known.get(key)
  if (found !== undefined) return found()
  // The short names of scripts have four letters.
  if (!/^[a-z]{4}$/.test(key)) return undefined
  try {
    return engine(`\\p{Script=${key[0]!.toUpperCase()}${key.slice(1)}}`)
  } catch {
    return undefined
  }
}

// An engine with an older Unicode does not know the newest scripts, nor their characters.
function script(name: string): CodePointTest {
  try {
    return engine(`\\p{Script=${name}}`)
  } catch {
    return not(any)
  }
}

function properties(): Map<string, () => CodePointTest> {
  const map = new Map<string, () => CodePointTest>()
  for (const name of BINARY_PROPERTIES.split(' ')) map.set(normalized(name), () => engine(`\\p{${name}}`))
  for (const name of SCRIPTS.split(' ')) map.set(normalized(name), () => script(name))
  for (const [long, short] of Object.entries(CATEGORIES)) {
    const test = () =>
      short === 'Cn' ? not(isAssigned) : short === 'C' ? notAssignedOr('\\p{C}') : engine(`\\p{${short}}`)
    map.set(long, test)
    map.set(short.toLowerCase(), test)
  }
  for (const [name, test] of Object.entries(CLASSES)) map.set(name, () => test)
  const lowercase = ['lowercase', 'lower', 'cased', 'casedletter', 'lc', 'lowercaseletter', 'll']
  for (const name of lowercase) {
    const test = map.get(name)!
    map.set(name, () => withGlottal(test()))
  }
  for (const name of ['otherletter', 'lo']) map.set(name, () => both(engine('\\p{Lo}'), (code) => code !== GLOTTAL))
  map.set('word', () => BARE_WORD)
  map.set('punct', () => PUNCT)
  map.set('posixpunct', () => CLASSES['punct']!)
  map.set('any', () => any)
  map.set('assigned', () => isAssigned)
  map.set('unknown', () => notAssignedOr('\\p{Script=Unknown}'))
  map.set('zzzz', () => notAssignedOr('\\p{Script=Unknown}'))
  map.set('qaac', () => engine('\\p{Script=Coptic}'))
  map.set('qaai', () => engine('\\p{Script=Inherited}'))
  return map
}

const notAssignedOr = (pattern: string): CodePointTest => either(not(isAssigned), engine(pattern))
