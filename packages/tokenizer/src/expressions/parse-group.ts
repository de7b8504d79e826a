import { type Groups, groupNumbers } from './groups.ts'
import type { Options, Reader } from './reader.ts'
import { choice, type Node } from './syntax-tree.ts'

/** Reads the alternatives of a group. */
type ParseBranches = (reader: Reader, groups: Groups) => Node[]

const LOOKS = ['(?=', '(?!', '(?<=', '(?<!'] as const

/** Reads a group from its opening parenthesis on. */
export function parseGroup(reader: Reader, groups: Groups, parseBranches: ParseBranches): Node {
  const body = (head: string) => choice(parseBody(reader, groups, head, parseBranches))
  const look = LOOKS.find((head) => reader.startsWith(head))
  if (look !== undefined) {
    const saved = reader.options
    reader.options = { ...saved, foldStrings: !look.includes('<') && saved.foldStrings }
    const node = body(look)
    reader.options = saved
    return { kind: 'look', node, behind: look.includes('<'), negative: look.endsWith('!') }
  }
  if (reader.startsWith('(?>')) return { kind: 'atomic', node: body('(?>') }
  if (reader.startsWith('(?:')) return body('(?:')
  if (reader.startsWith('(?~')) reader.refuse('the absent operator (?~')
  if (reader.startsWith('(?y')) reader.refuse('the option y')
  if (reader.startsWith('(?{')) reader.refuse('the callout (?{')
  if (reader.startsWith('(?@')) reader.refuse('the capture history (?@')
  if (reader.startsWith('(?(')) return parseCondition(reader, groups, parseBranches)
  if (reader.startsWith('(*')) {
    if (reader.take('(*FAIL)')) return { kind: 'nothing' }
    reader.refuse(`the callout ${reader.match(/\(\*[^)]*\)?/y)![0]}`)
  }
  const options = reader.match(/\(\?([A-Za-z]*(?:-[A-Za-z]*)?):/y)
  if (options !== undefined) {
    const saved = reader.options
    reader.options = changedOptions(reader, options[1]!)
    const node = body('')
    reader.options = saved
    return node
  }
  const named = reader.match(/\(\?(?:<([^\s<>()=!][^<>()]*)>|'([^'()]+)')/y)
  if (named === undefined && reader.startsWith('(?'))
    reader.fail('a kind of group', reader.source.slice(reader.at, reader.at + 3))
  if (named === undefined && groups.named) return body('(')
  const number = ++groups.count
  const name = named?.[1] ?? named?.[2]
  if (name !== undefined) {
    if (!/^[\p{Alphabetic}\p{M}_][\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]*$/u.test(name))
      reader.fail('a group name of word characters', name)
    groups.byName.set(name, [...(groups.byName.get(name) ?? []), number])
  }
  const node: Node = { kind: 'group', number, node: body(named === undefined ? '(' : '') }
  groups.byNumber.set(number, node)
  return node
}

function parseBody(reader: Reader, groups: Groups, head: string, parseBranches: ParseBranches): Node[] {
  reader.at += head.length
  const node = parseBranches(reader, groups)
  if (!reader.take(')')) reader.fail('the end of the group', 'the end of the expression')
  return node
}

// (?(1)then|else): whether a group has matched.
function parseCondition(reader: Reader, groups: Groups, parseBranches: ParseBranches): Node {
  const match = reader.match(/\(\?\((?:<([^>]+)>|'([^']+)'|([+-]?\d+))\)/y)
  if (match === undefined) reader.refuse('a condition other than a group')
  const numbers = groupNumbers(reader, groups, (match[1] ?? match[2] ?? match[3])!)
  for (const number of numbers) groups.read.add(number)
  const nodes = parseBody(reader, groups, '', parseBranches)
  if (nodes.length > 2) reader.fail('at most two alternatives in a condition', String(nodes.length))
  return { kind: 'condition', groups: numbers, matched: nodes[0]!, otherwise: nodes[1] ?? { kind: 'empty' } }
}

/** The options after `im-x`. */
export function changedOptions(reader: Reader, letters: string): Options {
  let { ignoreCase, dotAll, extended } = reader.options
  const ascii = new Set(reader.options.ascii)
  let on = true
  for (const letter of letters) {
    if (letter === '-') on = false
    else if (letter === 'i') ignoreCase = on
    else if (letter === 'm') dotAll = on
    else if (letter === 'x') extended = on
    else if ('WDSP'.includes(letter)) {
      if (on) ascii.add(letter)
      else ascii.delete(letter)
    } else if ('ILCy'.includes(letter)) reader.refuse(`the option ${letter}`)
    else reader.fail('the options i, m, x, W, D, S or P', letter)
  }
  return { ...reader.options, ignoreCase, dotAll, extended, ascii }
}
