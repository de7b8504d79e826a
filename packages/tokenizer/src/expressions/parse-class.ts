import { caseExpansion, caseVariants } from './case-folding.ts'
import { CharSet, type CodePointTest, rangeTest } from './char-set.ts'
import { classTest, parseCharacterEscape } from './parse-escape.ts'
import { CLASSES } from './properties.ts'
import type { Reader } from './reader.ts'

/** A bracketed class: its characters, and strings of several characters that count as one of them if case is ignored. */
export interface ParsedClass {
  readonly set: CharSet
  readonly expansions: readonly string[]
}

/** Reads a class after its opening bracket. */
export function parseClass(reader: Reader): ParsedClass {
  const { test, expansions } = parseBody(reader, reader.options.ignoreCase)
  return { set: new CharSet(test), expansions }
}

interface Body {
  readonly test: CodePointTest
  readonly expansions: readonly string[]
}

// Case is ignored in the class as a whole, not in classes within it.
function parseBody(reader: Reader, ignoreCase: boolean): Body {
  const isNegated = reader.take('^')
  // The operands of `&&`.
  const operands: CodePointTest[] = []
  let members = new Members()
  if (reader.startsWith(']')) {
    // A closing bracket right at the start is a member, if another one follows.
    if (reader.source.indexOf(']', reader.at + 1) < 0) reader.fail('a member of the character class', 'none')
    reader.at++
    members.add(0x5d)
  }
  while (!reader.take(']')) {
    if (reader.atEnd) reader.fail('the end of the character class', 'the end of the expression')
    if (reader.take('&&')) {
      operands.push(members.test())
      members = new Members()
    } else parseMember(reader, members)
  }
  operands.push(members.test())
  const all: CodePointTest = operands.length === 1 ? operands[0]! : (code) => operands.every((test) => test(code))
  const folded: CodePointTest = ignoreCase ? (code) => caseVariants(code).some(all) : all
  const expansions = ignoreCase && !isNegated ? members.codes().flatMap((code) => caseExpansion(code) ?? []) : []
  return { test: isNegated ? (code) => !folded(code) : folded, expansions }
}

/** Collects the members of a class. */
class Members {
  readonly #ranges: [number, number][] = []
  readonly #tests: CodePointTest[] = []

  add(from: number, to = from): void {
    this.#ranges.push([from, to])
  }

  addTest(test: CodePointTest): void {
    this.#tests.push(test)
  }

  /** The single characters among the members. */
  codes(): number[] {
    return this.#ranges.flatMap(([from, to]) => (from === to ? [from] : []))
  }

  test(): CodePointTest {
    const tests = [...this.#tests]
    if (this.#ranges.length > 0) tests.push(rangeTest(this.#ranges))
    return tests.length === 1 ? tests[0]! : (code) => tests.some((test) => test(code))
  }
}

function parseMember(reader: Reader, members: Members): void {
  const posix = reader.match(/\[:(\^?)(\w+):\]/y)
  if (posix !== undefined) {
    const name = posix[2]!.toLowerCase()
    if (CLASSES[name] === undefined) reader.fail(`one of the classes ${Object.keys(CLASSES).join(', ')}`, posix[2]!)
    const option = name === 'word' ? 'W' : name === 'digit' ? 'D' : name === 'space' ? 'S' : 'P'
    const test = classTest(reader, name, option, false)
    members.addTest(posix[1] === '^' ? (code) => !test(code) : test)
    return
  }
  if (reader.take('[')) {
    members.addTest(reader.nested(() => parseBody(reader, false)).test)
    return
  }
  const from = parseSingle(reader, members)
  if (from === undefined) {
    if (
      /^-[^\]]/.test(reader.source.slice(reader.at, reader.at + 2)) &&
      !reader.startsWith('-&&') &&
      !reader.startsWith('-[')
    )
      reader.fail('a single character at the start of a range', 'a class')
    return
  }
  const isRange =
    reader.startsWith('-') && !reader.startsWith('-]') && !reader.startsWith('-[') && !reader.startsWith('-&&')
  if (!isRange) {
    members.add(from)
    return
  }
  reader.at++
  if (reader.atEnd) reader.fail('the end of the character class', 'the end of the expression')
  const to = parseSingle(reader, members)
  if (to === undefined) reader.fail('a single character at the end of a range', 'a class')
  if (to < from) reader.fail('a range whose end is not before its start', 'a reversed one')
  members.add(from, to)
}

/** Reads one character; adds a set of characters to the members instead, and returns undefined. */
function parseSingle(reader: Reader, members: Members): number | undefined {
  if (!reader.take('\\')) return reader.code()
  if (reader.atEnd) reader.fail('a character after the backslash', 'none')
  const escaped = parseCharacterEscape(reader, true)
  if (escaped === undefined) {
    if (/^(?:R|X|M-)/.test(reader.source.slice(reader.at, reader.at + 2)))
      reader.refuse(`\\${reader.peek()} in a character class`)
    return reader.code()
  }
  if ('test' in escaped) {
    members.addTest(escaped.test)
    return undefined
  }
  for (const code of escaped.codes.slice(0, -1)) members.add(code)
  return escaped.codes.at(-1)
}
