import type { Reader } from './reader.ts'
import type { Node } from './syntax-tree.ts'

/** The groups of an expression that were read so far. */
export interface Groups {
  count: number
  readonly byNumber: Map<number, Node>
  readonly byName: Map<string, number[]>
  /** Whether some groups have names; then groups without one are not numbered. */
  readonly named: boolean
  /** Groups that a back reference or a condition uses. */
  readonly read: Set<number>
}

export const newGroups = (source: string): Groups => ({
  count: 0,
  byNumber: new Map(),
  byName: new Map(),
  named: /\(\?(?:<[^=!]|')/.test(withoutText(source)),
  read: new Set(),
})

/** The number of a group relative to the `from` groups that were opened before: -1 for the last one. */
export const relativeGroup = (from: number, name: string): number =>
  from + Number(name) + (name.startsWith('-') ? 1 : 0)

/** The groups that a name or a number refers to. */
export function groupNumbers(reader: Reader, groups: Groups, name: string): number[] {
  if (/^[+-]?\d+$/.test(name)) {
    if (groups.named) reader.fail('a reference by name, as there are named groups', name)
    const number = /^[+-]/.test(name) ? relativeGroup(groups.count, name) : Number(name)
    if (number >= 1 && number <= countGroups(reader.source)) return [number]
  }
  const numbers = groups.byName.get(name)
  return numbers ?? reader.fail('a reference to a group', name)
}

/** The number of groups of an expression that are numbered: those with names if there are any, or else all plain ones. */
export function countGroups(source: string): number {
  const plain = withoutText(source)
  const named = plain.match(/\(\?(?:<[^=!]|')/g)?.length ?? 0
  return named > 0 ? named : (plain.match(/\((?![?*])/g)?.length ?? 0)
}

// Without escaped characters, bracketed classes and comments, in which a parenthesis opens no group.
function withoutText(source: string): string {
  let result = ''
  let depth = 0
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!
    if (c === '\\') i++
    else if (c === '[') {
      depth++
      if (source[i + 1] === '^') i++
      if (source[i + 1] === ']') i++
    } else if (c === ']') depth = Math.max(0, depth - 1)
    else if (depth === 0 && source.startsWith('(?#', i)) {
      const end = source.indexOf(')', i)
      i = end < 0 ? source.length : end
    } else if (depth === 0) result += c
  }
  return result
}
