import { CharSet, type CodePointTest } from './char-set.ts'

/** A position that an expression can require without consuming text. */
export type Assertion =
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'last-line-end'
  | 'search-start'
  | 'word-boundary'
  | 'no-word-boundary'
  | 'grapheme-boundary'
  | 'no-grapheme-boundary'

/** A node of a parsed expression. */
export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | {
      readonly kind: 'repeat'
      readonly node: Node
      readonly min: number
      readonly max: number
      readonly mode: RepeatMode
    }
  | { readonly kind: 'group'; readonly number: number; readonly node: Node }
  | { readonly kind: 'atomic'; readonly node: Node }
  | { readonly kind: 'look'; readonly node: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'assertion'; readonly assertion: Assertion; readonly word?: CharSet }
  | { readonly kind: 'backreference'; readonly groups: readonly number[]; readonly ignoresCase: boolean }
  | { readonly kind: 'condition'; readonly groups: readonly number[]; readonly matched: Node; readonly otherwise: Node }
  | { readonly kind: 'keep' }
  | { readonly kind: 'call'; readonly group: () => Node }

type RepeatMode = 'greedy' | 'lazy' | 'possessive'

export const EMPTY: Node = { kind: 'empty' }

/** Nodes one after the other; adjacent texts become one. */
export function sequence(nodes: readonly Node[]): Node {
  const joined: Node[] = []
  for (const node of nodes.flatMap((node) => (node.kind === 'sequence' ? node.nodes : [node]))) {
    const last = joined.at(-1)
    if (node.kind === 'empty') continue
    if (node.kind === 'text' && last?.kind === 'text')
      joined[joined.length - 1] = { kind: 'text', text: last.text + node.text }
    else joined.push(node)
  }
  return joined.length === 0 ? EMPTY : joined.length === 1 ? joined[0]! : { kind: 'sequence', nodes: joined }
}

/** Alternatives in order; adjacent single characters become one set. */
export function choice(nodes: readonly Node[]): Node {
  const joined: Node[] = []
  for (const node of nodes) {
    const last = joined.at(-1)
    const [before, test] = [last && singleTest(last), singleTest(node)]
    if (before !== undefined && test !== undefined)
      joined[joined.length - 1] = { kind: 'set', set: new CharSet((code) => before(code) || test(code)) }
    else joined.push(node)
  }
  return joined.length === 1 ? joined[0]! : { kind: 'choice', nodes: joined }
}

/** The set of a node that matches exactly one character. */
export function singleTest(node: Node): CodePointTest | undefined {
  if (node.kind === 'set') return (code) => node.set.has(code)
  if (node.kind !== 'text') return undefined
  const code = node.text.codePointAt(0)!
  return node.text.length === (code > 0xffff ? 2 : 1) ? (other) => other === code : undefined
}

/** Whether a node can match the empty text. */
export function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'nothing':
      return false
    case 'text':
      return node.text === ''
    case 'sequence':
      return node.nodes.every(canBeEmpty)
    case 'choice':
      return node.nodes.some(canBeEmpty)
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.node)
    case 'group':
    case 'atomic':
      return canBeEmpty(node.node)
    case 'condition':
      return canBeEmpty(node.matched) || canBeEmpty(node.otherwise)
    case 'call':
      return canBeEmpty(node.group())
    default:
      return true
  }
}

/** The characters with which a match of a node can start; undefined if it can be empty or start with any. */
export function firstTest(node: Node): CodePointTest | undefined {
  switch (node.kind) {
    case 'nothing':
      return () => false
    case 'set':
      return (code) => node.set.has(code)
    case 'text': {
      const first = node.text.codePointAt(0)
      return first === undefined ? undefined : (code) => code === first
    }
    case 'sequence':
      return firstOfSequence(node.nodes)
    case 'choice': {
      const tests = node.nodes.map(firstTest)
      return tests.includes(undefined) ? undefined : (code) => tests.some((test) => test!(code))
    }
    case 'repeat':
      return node.min === 0 ? undefined : firstTest(node.node)
    case 'group':
    case 'atomic':
      return firstTest(node.node)
    case 'call':
      return firstTest(node.group())
    default:
      return undefined
  }
}

function firstOfSequence(nodes: readonly Node[]): CodePointTest | undefined {
  const tests: CodePointTest[] = []
  for (const node of nodes) {
    // Assertions do not consume text; the node after them gives the first character.
    const consumesNothing = node.kind === 'look' || node.kind === 'assertion' || node.kind === 'keep'
    if (consumesNothing) continue
    const optional = node.kind === 'repeat' && node.min === 0 ? firstTest(node.node) : undefined
    if (optional !== undefined) {
      tests.push(optional)
      continue
    }
    const test = firstTest(node)
    if (test === undefined) return undefined
    tests.push(test)
    return tests.length === 1 ? test : (code) => tests.some((one) => one(code))
  }
  return undefined
}
