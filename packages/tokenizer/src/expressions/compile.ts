import { HeddleError, show } from '@heddle/core'
import { CharSet } from './char-set.ts'
import { newGroups } from './groups.ts'
import { parseAlternatives } from './parse.ts'
import { Op, type Program, type Reference, type Span } from './program.ts'
import { Reader } from './reader.ts'
import { refuseRecursion } from './refuse-recursion.ts'
import { type Assertion, canBeEmpty, firstTest, type Node, singleTest } from './syntax-tree.ts'

/** A program has at most this many operations. */
const MOST_OPERATIONS = 20_000

/**
 * Compiles a regular expression in Oniguruma's syntax.
 *
 * @throws HeddleError `config` for malformed expressions, and for syntax that is not available
 */
export function compile(source: string): Program {
  const reader = new Reader(source)
  const groups = newGroups(source)
  const tree = parseAlternatives(reader, groups)
  if (!reader.atEnd) reader.fail('an opening parenthesis for each closing one', 'an unmatched )')
  refuseRecursion(tree, reader, MOST_OPERATIONS)
  return new Compiler(source, groups.read).compile(tree)
}

class Compiler {
  readonly #source: string
  readonly #read: ReadonlySet<number>
  readonly #ops: number[] = []
  readonly #a: number[] = []
  readonly #b: number[] = []
  readonly #c: number[] = []
  readonly #texts: string[] = []
  readonly #sets: CharSet[] = []
  readonly #spans: Span[] = []
  readonly #assertions: Assertion[] = []
  readonly #references: Reference[] = []
  readonly #groupRegisters = new Map<number, number>()
  #forks = 0
  #bodies = 0
  #registers = 0
  #keep = -1
  #hasHistory = false
  #hasEmptyRounds = false

  constructor(source: string, read: ReadonlySet<number>) {
    this.#source = source
    this.#read = read
    for (const group of read) this.#groupRegisters.set(group, this.#register(2))
  }

  compile(tree: Node): Program {
    this.#hasHistory = this.#read.size > 0
    this.#node(tree, false)
    this.#emit(Op.Accept)
    const first = firstTest(tree)
    return {
      ops: this.#ops,
      a: this.#a,
      b: this.#b,
      c: this.#c,
      texts: this.#texts,
      sets: this.#sets,
      spans: this.#spans,
      assertions: this.#assertions,
      references: this.#references,
      forks: this.#forks,
      bodies: this.#bodies,
      registers: this.#registers,
      keep: this.#keep,
      hasHistory: this.#hasHistory,
      hasEmptyRounds: this.#hasEmptyRounds,
      first: first === undefined ? undefined : new CharSet(first),
      single: this.#single(tree),
    }
  }

  #single(tree: Node): Span | undefined {
    if (tree.kind === 'set') return { set: tree.set, min: 1, max: 1, possessive: false }
    // With a limit, what is left of a long run is searched again; so is a run that is too short for one, so only endless ones are alike.
    const isEndless =
      tree.kind === 'repeat' && tree.mode !== 'lazy' && tree.min > 0 && tree.max === Number.POSITIVE_INFINITY
    if (!isEndless) return undefined
    const test = singleTest(tree.node)
    if (test === undefined) return undefined
    return { set: new CharSet(test), min: tree.min, max: tree.max, possessive: false }
  }

  #emit(op: number, a = 0, b = 0, c = 0): number {
    if (this.#ops.length >= MOST_OPERATIONS) {
      throw new HeddleError(
        'config',
        `regular expression: expected at most ${MOST_OPERATIONS} operations, got more for ${show(this.#source)}. ` +
          'Repeat groups less often.',
      )
    }
    this.#a.push(a)
    this.#b.push(b)
    this.#c.push(c)
    return this.#ops.push(op) - 1
  }

  get #here(): number {
    return this.#ops.length
  }

  #register(count: number): number {
    this.#registers += count
    return this.#registers - count
  }

  #set(set: CharSet): number {
    return this.#sets.push(set) - 1
  }

  // A body that goes backwards reads the text in front of the position, for look-behinds.
  #node(node: Node, backwards: boolean): void {
    switch (node.kind) {
      case 'empty':
        break
      case 'nothing':
        this.#emit(Op.Fail)
        break
      case 'text':
        if (node.text !== '') this.#emit(Op.Text, this.#texts.push(node.text) - 1, backwards ? 1 : 0)
        break
      case 'set':
        this.#emit(Op.Set, this.#set(node.set), backwards ? 1 : 0)
        break
      case 'sequence':
        for (const inner of backwards ? [...node.nodes].reverse() : node.nodes) this.#node(inner, backwards)
        break
      case 'choice':
        this.#choice(node.nodes, backwards)
        break
      case 'repeat':
        if (node.mode === 'possessive') this.#possessive(node, backwards)
        else this.#repeat(node, backwards)
        break
      case 'group':
        this.#group(node.number, node.node, backwards)
        break
      case 'atomic':
        this.#body(Op.Atomic, node.node, 0, backwards)
        break
      case 'look':
        this.#body(Op.Look, node.node, node.negative ? 1 : 0, node.behind)
        break
      case 'assertion':
        if (node.assertion === 'search-start') this.#hasHistory = true
        this.#emit(
          Op.Assert,
          this.#assertions.push(node.assertion) - 1,
          node.word === undefined ? -1 : this.#set(node.word),
        )
        break
      case 'keep':
        this.#keep = this.#keep < 0 ? this.#register(1) : this.#keep
        this.#emit(Op.Save, this.#keep)
        break
      case 'call':
        this.#node(node.group(), backwards)
        break
      case 'backreference':
        this.#emit(Op.BackReference, this.#reference(node.groups, node.ignoresCase), backwards ? 1 : 0)
        break
      case 'condition':
        this.#condition(node.groups, node.matched, node.otherwise, backwards)
    }
  }

  #reference(groups: readonly number[], ignoresCase: boolean): number {
    // Of several groups of one name the last one that has matched is used.
    const registers = [...groups].reverse().map((group) => this.#groupRegisters.get(group)!)
    return this.#references.push({ registers, ignoresCase }) - 1
  }

  #group(number: number, node: Node, backwards: boolean): void {
    const register = this.#groupRegisters.get(number)
    if (register === undefined) {
      this.#node(node, backwards)
      return
    }
    // The start is kept aside until the group has matched, as a reference within it means its last match.
    const start = this.#register(1)
    this.#emit(Op.Save, backwards ? register + 1 : start)
    this.#node(node, backwards)
    if (backwards) this.#emit(Op.Save, register)
    else this.#emit(Op.Save, register + 1, start + 1, register)
  }

  #choice(nodes: readonly Node[], backwards: boolean): void {
    const ends: number[] = []
    for (const [i, node] of nodes.entries()) {
      const isLast = i === nodes.length - 1
      const first = backwards || isLast ? undefined : firstTest(node)
      const guard = first === undefined ? -1 : this.#emit(Op.UnlessNext, this.#set(new CharSet(first)))
      const fork = isLast ? -1 : this.#fork()
      if (fork >= 0) this.#a[fork] = this.#here
      this.#node(node, backwards)
      if (!isLast) ends.push(this.#emit(Op.Jump))
      if (fork >= 0) this.#b[fork] = this.#here
      if (guard >= 0) this.#b[guard] = this.#here
    }
    for (const end of ends) this.#a[end] = this.#here
  }

  #fork(): number {
    return this.#emit(Op.Fork, 0, 0, this.#forks++)
  }

  #repeat(node: Node & { kind: 'repeat' }, backwards: boolean): void {
    const { node: body, min, max, mode } = node
    if (body.kind === 'set' && !backwards && mode === 'greedy' && max > 1) {
      this.#emit(Op.Span, this.#spans.push({ set: body.set, min, max, possessive: false }) - 1)
      return
    }
    for (let i = 0; i < min; i++) this.#node(body, backwards)
    if (max === Number.POSITIVE_INFINITY) {
      const fork = this.#fork()
      this.#round(body, backwards, () => this.#emit(Op.Jump, fork), fork, mode === 'lazy')
      return
    }
    const forks: number[] = []
    for (let i = min; i < max; i++) {
      const fork = this.#fork()
      forks.push(fork)
      this.#a[fork] = this.#here
      this.#node(body, backwards)
    }
    for (const fork of forks) this.#direct(fork, this.#a[fork]!, this.#here, mode === 'lazy')
  }

  // One round of an endless loop; a round that takes nothing is the last.
  #round(body: Node, backwards: boolean, again: () => void, fork: number, lazy: boolean): void {
    const start = this.#here
    const register = canBeEmpty(body) ? this.#register(1) : -1
    if (register >= 0) {
      this.#hasEmptyRounds = true
      this.#emit(Op.Save, register)
    }
    this.#node(body, backwards)
    const leave = register >= 0 ? this.#emit(Op.LeaveIfEmpty, register) : -1
    again()
    if (leave >= 0) this.#b[leave] = this.#here
    this.#direct(fork, start, this.#here, lazy)
  }

  #direct(fork: number, body: number, exit: number, lazy: boolean): void {
    this.#a[fork] = lazy ? exit : body
    this.#b[fork] = lazy ? body : exit
  }

  #possessive(node: Node & { kind: 'repeat' }, backwards: boolean): void {
    if (node.node.kind === 'set' && !backwards) {
      this.#emit(Op.Span, this.#spans.push({ set: node.node.set, min: node.min, max: node.max, possessive: true }) - 1)
    } else this.#body(Op.Atomic, { ...node, mode: 'greedy' }, 0, backwards)
  }

  #body(op: number, node: Node, negative: number, backwards: boolean): void {
    const start = this.#emit(op, 0, negative, this.#bodies++)
    this.#node(node, backwards)
    this.#emit(Op.Accept)
    this.#a[start] = this.#here
  }

  #condition(groups: readonly number[], matched: Node, otherwise: Node, backwards: boolean): void {
    const test = this.#emit(Op.Condition, this.#reference(groups, false))
    this.#node(matched, backwards)
    const end = this.#emit(Op.Jump)
    this.#b[test] = this.#here
    this.#node(otherwise, backwards)
    this.#a[end] = this.#here
  }
}
