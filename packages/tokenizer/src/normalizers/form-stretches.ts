import { isAssigned } from '../unicode/assigned.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { changeSources } from './change-sources.ts'
import { orderMarks } from './order-marks.ts'

/** The Unicode normalization forms. */
export type Form = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

const decompositionOf = (form: Form): 'NFD' | 'NFKD' => (form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD')

/** A stretch of text, normalized, and where each of its units came from within the stretch. */
interface Stretch {
  readonly output: string
  sources: Int32Array | undefined
}

/** Cached properties of a form: inert units, and results for short stretches. */
interface FormTable {
  readonly kinds: Uint8Array
  readonly stretches: Map<string, Stretch>
}

const INERT = 1
const ACTIVE = 2

const MOST_STRETCHES = 1 << 14
const LONGEST_KEPT = 32

const tables = new Map<Form, FormTable>()

function tableOf(form: Form): FormTable {
  let table = tables.get(form)
  if (table === undefined) tables.set(form, (table = { kinds: new Uint8Array(0x10000), stretches: new Map() }))
  return table
}

/**
 * Normalizes a text and gives the source of each unit of the result; undefined if nothing changes.
 *
 * Most characters are inert: the form does not change them, and they never combine with the character before them. Only runs of other
 * characters are normalized, each with the inert character before it, which may combine with them.
 *
 * @see https://unicode.org/reports/tr15/, "Normalization of strings: concatenation"
 */
export function changedStretches(
  input: string,
  form: Form,
): { readonly output: string; readonly sources: () => Int32Array } | undefined {
  const table = tableOf(form)
  const { kinds } = table
  let start = nextActive(input, 0, kinds, form)
  if (start === input.length) return undefined
  let output = ''
  let copied = 0
  // Start and end of each stretch that is normalized.
  const bounds: number[] = []
  const stretches: Stretch[] = []
  while (start < input.length) {
    const from = start > copied ? start - 1 : start
    let end = start + 1
    while (end < input.length && kindAt(input, end, kinds, form) === ACTIVE) end++
    const stretch = normalized(input.slice(from, end), form, table)
    bounds.push(from, end)
    stretches.push(stretch)
    output += input.slice(copied, from) + stretch.output
    copied = end
    start = nextActive(input, end, kinds, form)
  }
  output += input.slice(copied)
  return output === input
    ? undefined
    : { output, sources: () => sourcesOf(input, output.length, bounds, stretches, form) }
}

function nextActive(input: string, from: number, kinds: Uint8Array, form: Form): number {
  let i = from
  while (i < input.length && kindAt(input, i, kinds, form) === INERT) i++
  return i
}

function kindAt(input: string, i: number, kinds: Uint8Array, form: Form): number {
  const unit = input.charCodeAt(i)
  const kind = kinds[unit]! || (kinds[unit] = isInert(unit, form) ? INERT : ACTIVE)
  if ((unit & 0xf800) !== 0xd800) return kind
  const isLow = (unit & 0xfc00) === 0xdc00 && i > 0
  return isAssigned(codePointAt(input, isLow ? i - 1 : i)) ? kind : INERT
}

/** The unit that a unit becomes; -1 if it becomes several or may combine with the one before it. */
export function mapUnit(unit: number, form: Form): number {
  if (isInert(unit, form)) return unit
  const mapped = String.fromCharCode(unit).normalize(form)
  return mapped.length === 1 && isInert(mapped.charCodeAt(0), form) ? mapped.charCodeAt(0) : -1
}

// Characters that combine with the one before them are marks, vowel or final jamo, or lie beyond U+FFFF.
function isInert(unit: number, form: Form): boolean {
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff
  const isJamo = (unit >= 0x1160 && unit <= 0x11ff) || (unit >= 0xd7b0 && unit <= 0xd7ff)
  if (isSurrogate || isJamo) return false
  if (!isAssigned(unit)) return true
  const character = String.fromCharCode(unit)
  return character.normalize(form) === character && !/\p{M}/u.test(character)
}

function normalized(input: string, form: Form, { stretches }: FormTable): Stretch {
  const known = stretches.get(input)
  if (known !== undefined) return known
  const output = orderMarks(input, decompositionOf(form)).normalize(form)
  const stretch: Stretch = { output, sources: undefined }
  if (input.length <= LONGEST_KEPT) {
    if (stretches.size === MOST_STRETCHES) stretches.clear()
    stretches.set(input, stretch)
  }
  return stretch
}

function sourcesOf(
  input: string,
  length: number,
  bounds: readonly number[],
  stretches: readonly Stretch[],
  form: Form,
): Int32Array {
  const sources = new Int32Array(length)
  let at = 0
  let from = 0
  for (const [i, stretch] of stretches.entries()) {
    const start = bounds[2 * i]!
    const end = bounds[2 * i + 1]!
    while (from < start) sources[at++] = from++
    stretch.sources ??= stretchSources(input.slice(start, end), stretch.output, form)
    for (const source of stretch.sources) sources[at++] = start + source
    from = end
  }
  while (from < input.length) sources[at++] = from++
  return sources
}

/**
 * The source of each unit of a normalized stretch.
 *
 * Every input character is decomposed: its first part replaces it (change 0), the others are new (+1). Marks are then put into canonical
 * order, and a composed character adds the changes of its parts. Both steps only move characters past different ones, so that the parts
 * of an output character are the first remaining ones of their kind.
 */
function stretchSources(input: string, output: string, form: Form): Int32Array {
  const decomposition = decompositionOf(form)
  const queues = new Map<string, { changes: number[]; next: number }>()
  for (const character of input) {
    let change = 0
    for (const part of character.normalize(decomposition)) {
      const queue = queues.get(part)
      if (queue === undefined) queues.set(part, { changes: [change], next: 0 })
      else queue.changes.push(change)
      change = 1
    }
  }
  const take = (part: string): number => {
    const queue = queues.get(part)
    return queue?.changes[queue.next++] ?? 0
  }
  const changes: number[] = []
  const composes = form === 'NFC' || form === 'NFKC'
  for (const character of output) {
    if (!composes) {
      changes.push(take(character))
      continue
    }
    let change = 1
    for (const part of character.normalize('NFD')) change += take(part) - 1
    changes.push(change)
  }
  return changeSources(input, output, changes)
}
