import { caseExpansion, caseVariants, contractions } from './case-folding.ts'
import { CharSet } from './char-set.ts'
import { countGroups, type Groups, groupNumbers, relativeGroup } from './groups.ts'
import { parseClass } from './parse-class.ts'
import { classTest, parseCharacterEscape } from './parse-escape.ts'
import { changedOptions, parseGroup } from './parse-group.ts'
import type { Options, Reader } from './reader.ts'
import { type Assertion, choice, EMPTY, type Node, sequence } from './syntax-tree.ts'

const LINE_FEED = 10

/** Reads alternatives up to the end of the group or of the expression. */
export const parseAlternatives = (reader: Reader, groups: Groups): Node => choice(parseBranches(reader, groups))

function parseBranches(reader: Reader, groups: Groups): Node[] {
  const saved = reader.options
  const alternatives: Node[] = []
  let items: Node[] = []
  while (!reader.atEnd && !reader.startsWith(')')) {
    if (reader.take('|')) {
      alternatives.push(sequence(items))
      items = []
      continue
    }
    if (reader.options.extended && reader.match(/[\s]+|#[^\n]*/y)) continue
    const item = parseItem(reader, groups)
    if (item !== undefined) items.push(item)
  }
  alternatives.push(sequence(items))
  reader.options = saved
  return alternatives
}

function parseItem(reader: Reader, groups: Groups): Node | undefined {
  if (reader.match(/\(\?#[^)]*\)/y)) return undefined
  const options = parseOptions(reader)
  if (options !== undefined) {
    // (?i) holds to the end of the group around it, alternatives included.
    reader.options = options
    return reader.startsWith('|') || reader.startsWith(')') || reader.atEnd ? EMPTY : parseAlternatives(reader, groups)
  }
  // A group with options around an anchor can be repeated.
  const canRepeat = /^\((?!\?(?:<?[=!]))/.test(reader.source.slice(reader.at, reader.at + 4))
  const atom = parseAtom(reader, groups)
  return parseQuantifiers(reader, atom, canRepeat || (atom.kind !== 'look' && atom.kind !== 'assertion'))
}

/** Reads `(?im-x)`, which stands for no group. */
function parseOptions(reader: Reader): Options | undefined {
  const match = reader.match(/\(\?([A-Za-z]*(?:-[A-Za-z]*)?)\)/y)
  return match === undefined ? undefined : changedOptions(reader, match[1]!)
}

const QUANTIFIER = /([*+?])([?+]?)|\{(\d*)(,?)(\d*)\}(\??)/y
/** As in Oniguruma. */
const MOST_REPEATS = 100_000

function parseQuantifiers(reader: Reader, atom: Node, canRepeat: boolean): Node {
  let node = atom
  for (;;) {
    if (reader.options.extended) reader.match(/(?:\s+|#[^\n]*)+/y)
    const at = reader.at
    const match = reader.match(QUANTIFIER)
    if (match === undefined) return node
    const [, mark, mode, from, comma, to, lazy] = match
    if (mark === undefined && from === '' && to === '') {
      // Braces without numbers are text.
      reader.at = at
      return node
    }
    if (!canRepeat) reader.fail('something to repeat', 'a look-around or an anchor')
    if (mark !== undefined) {
      const [min, max] = [mark === '+' ? 1 : 0, mark === '?' ? 1 : Number.POSITIVE_INFINITY]
      node = { kind: 'repeat', node, min, max, mode: mode === '?' ? 'lazy' : mode === '+' ? 'possessive' : 'greedy' }
      continue
    }
    const min = from === '' ? 0 : Number(from)
    const max = comma === '' ? min : to === '' ? Number.POSITIVE_INFINITY : Number(to)
    if (min > MOST_REPEATS || (max > MOST_REPEATS && to !== ''))
      reader.fail(`at most ${MOST_REPEATS} repetitions`, match[0])
    // Oniguruma reads {n}? as an optional {n}, and {m,n} with m > n as a possessive {n,m}.
    if (comma === '' && lazy === '?')
      node = {
        kind: 'repeat',
        node: { kind: 'repeat', node, min, max, mode: 'greedy' },
        min: 0,
        max: 1,
        mode: 'greedy',
      }
    else if (min > max) node = { kind: 'repeat', node, min: max, max: min, mode: 'possessive' }
    else node = { kind: 'repeat', node, min, max, mode: lazy === '?' ? 'lazy' : 'greedy' }
  }
}

function parseAtom(reader: Reader, groups: Groups): Node {
  const c = reader.peek()
  if (c === '(') return reader.nested(() => parseGroup(reader, groups, parseBranches))
  if (c === '\\') {
    reader.at++
    return parseEscape(reader, groups)
  }
  if (reader.take('[')) {
    const { set, expansions } = parseClass(reader)
    const node: Node = { kind: 'set', set }
    const texts = expansions.map((text) =>
      literal(
        [...text].map((character) => character.codePointAt(0)!),
        reader.options,
      ),
    )
    return texts.length === 0 || !reader.options.foldStrings ? node : { kind: 'choice', nodes: [...texts, node] }
  }
  if ('*+?'.includes(c) || /^\{(?:\d+,?\d*|,\d+)\}/.test(reader.source.slice(reader.at, reader.at + 16)))
    reader.fail('something to repeat', `${c} without anything before it`)
  if (reader.take('.'))
    return { kind: 'set', set: new CharSet(reader.options.dotAll ? () => true : (code) => code !== LINE_FEED) }
  if (reader.take('^')) return { kind: 'assertion', assertion: 'line-start' }
  if (reader.take('$')) return { kind: 'assertion', assertion: 'line-end' }
  return parseLiteral(reader)
}

// A run of plain characters, so that strings like `ss` are seen as a whole if case is ignored; a quantifier is for the last one.
function parseLiteral(reader: Reader): Node {
  const { ignoreCase } = reader.options
  const codes = [reader.code()]
  if (ignoreCase) {
    while (codes.length < 3 && isPlain(reader)) {
      const at = reader.at
      codes.push(reader.code())
      const text = folded(codes)
      const isQuantified = /^[*+?{]/.test(reader.peek())
      if (isQuantified || !startsContraction(text)) {
        reader.at = at
        codes.pop()
        break
      }
    }
  }
  return literal(codes, reader.options)
}

const isPlain = (reader: Reader): boolean =>
  !reader.atEnd &&
  !/^[\\()[\]|*+?{}.^$]/.test(reader.peek()) &&
  !(reader.options.extended && /^[\s#]/.test(reader.peek()))

// By way of the upper case, as the long s is an s.
const folded = (codes: readonly number[]): string =>
  String.fromCodePoint(...codes)
    .toUpperCase()
    .toLowerCase()

// Two or three characters that one character stands for, or the first two of three.
const startsContraction = (text: string): boolean => contractions(text).length > 0 || text === 'ff'

/** Characters one after the other. */
function literal(codes: readonly number[], { ignoreCase, foldStrings }: Options): Node {
  if (!ignoreCase) return { kind: 'text', text: String.fromCodePoint(...codes) }
  const plain = sequence(codes.map((code) => foldedCharacter(code, foldStrings)))
  if (codes.length < 2 || !foldStrings) return plain
  const text = folded(codes)
  const nodes: Node[] = [plain]
  // ﬃ is an f and ﬁ too, or ﬀ and an i.
  for (const whole of contractions(text)) nodes.push({ kind: 'text', text: String.fromCodePoint(whole) })
  if (codes.length === 3) {
    for (const pair of contractions(text.slice(0, 2)))
      nodes.push(sequence([{ kind: 'text', text: String.fromCodePoint(pair) }, foldedCharacter(codes[2]!, true)]))
    for (const pair of contractions(text.slice(1)))
      nodes.push(sequence([foldedCharacter(codes[0]!, true), { kind: 'text', text: String.fromCodePoint(pair) }]))
  }
  return nodes.length === 1 ? plain : { kind: 'choice', nodes }
}

function foldedCharacter(code: number, foldStrings: boolean): Node {
  const variants = caseVariants(code)
  const expansion = caseExpansion(code)
  const single: Node =
    variants.length === 1
      ? { kind: 'text', text: String.fromCodePoint(code) }
      : { kind: 'set', set: new CharSet((other) => variants.includes(other)) }
  if (expansion === undefined || !foldStrings) return single
  const others = contractions(expansion).filter((other) => !variants.includes(other))
  const spelled = sequence([...expansion].map((character) => foldedCharacter(character.codePointAt(0)!, true)))
  return choice([
    single,
    ...others.map((other): Node => ({ kind: 'text', text: String.fromCodePoint(other) })),
    spelled,
  ])
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  z: 'text-end',
  Z: 'last-line-end',
  G: 'search-start',
  b: 'word-boundary',
  B: 'no-word-boundary',
  y: 'grapheme-boundary',
  Y: 'no-grapheme-boundary',
}

const set = (test: (code: number) => boolean): Node => ({ kind: 'set', set: new CharSet(test) })

function parseEscape(reader: Reader, groups: Groups): Node {
  if (reader.atEnd) reader.fail('a character after the backslash', 'none')
  const c = reader.peek()
  const assertion = ASSERTIONS[c]
  if (assertion !== undefined) {
    reader.at++
    if (c !== 'b' && c !== 'B') return { kind: 'assertion', assertion }
    return { kind: 'assertion', assertion, word: new CharSet(classTest(reader, 'word', 'W', true)) }
  }
  if (reader.take('K')) return { kind: 'keep' }
  if (reader.take('R')) {
    const newline = set((code) => (code >= 10 && code <= 13) || code === 0x85 || code === 0x2028 || code === 0x2029)
    return { kind: 'atomic', node: { kind: 'choice', nodes: [{ kind: 'text', text: '\r\n' }, newline] } }
  }
  if (reader.take('N')) return set((code) => code !== LINE_FEED)
  if (reader.take('O')) return set(() => true)
  if (reader.take('X')) {
    const more = sequence([{ kind: 'assertion', assertion: 'no-grapheme-boundary' }, set(() => true)])
    const rest: Node = { kind: 'repeat', node: more, min: 0, max: Number.POSITIVE_INFINITY, mode: 'greedy' }
    return { kind: 'atomic', node: sequence([set(() => true), rest]) }
  }
  const reference = parseReference(reader, groups)
  if (reference !== undefined) return reference
  if (reader.startsWith('M-')) reader.refuse('\\M-')
  const escaped = parseCharacterEscape(reader, false)
  if (escaped === undefined) return literal([reader.code()], reader.options)
  if ('test' in escaped) return set(escaped.test)
  return literal(escaped.codes, reader.options)
}

function parseReference(reader: Reader, groups: Groups): Node | undefined {
  const { ignoreCase: ignoresCase } = reader.options
  const start = reader.at
  const digits = reader.match(/[1-9]\d*/y)
  if (digits !== undefined) {
    const number = Number(digits[0])
    if (number <= 9 || number <= countGroups(reader.source)) {
      if (groups.named) reader.fail('a back reference by name, as there are named groups', digits[0])
      if (number > countGroups(reader.source)) reader.fail('a back reference to a group', digits[0])
      groups.read.add(number)
      return { kind: 'backreference', groups: [number], ignoresCase }
    }
    reader.at = start
    if (/^[89]/.test(digits[0])) reader.fail('a back reference to a group', digits[0])
    return undefined
  }
  const match = reader.match(/([kg])(?:<([^>]*)>|'([^']*)')/y)
  if (match === undefined) return undefined
  const name = (match[2] ?? match[3])!
  if (match[1] === 'k' && /[+-]\d+$/.test(name.slice(1))) reader.refuse('a back reference with a level')
  if (match[1] === 'k') {
    const numbers = groupNumbers(reader, groups, name)
    for (const number of numbers) groups.read.add(number)
    return { kind: 'backreference', groups: numbers, ignoresCase }
  }
  const from = groups.count
  const resolve = (): Node => {
    const [number, ...more] = /^[+-]/.test(name) ? [relativeGroup(from, name)] : groupNumbers(reader, groups, name)
    const node = number === undefined || more.length > 0 ? undefined : groups.byNumber.get(number)
    return node ?? reader.fail('a call of one group', name)
  }
  return { kind: 'call', group: resolve }
}
