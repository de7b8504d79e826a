import { equalFolded } from './case-folding.ts'
import type { Reference } from './program.ts'

/**
 * The place behind the text that a group has matched, repeated at a place of the text, or in front of it where the search goes
 * backwards; -1 where it is not repeated, or no group has matched.
 *
 * @param places the registers of the search
 */
export function referenceEnd(
  { registers, ignoresCase }: Reference,
  places: Int32Array,
  text: string,
  at: number,
  backwards: boolean,
): number {
  const register = registers.find((register) => places[register]! >= 0 && places[register + 1]! >= 0)
  if (register === undefined) return -1
  const wanted = text.slice(places[register], places[register + 1])
  const from = backwards ? at - wanted.length : at
  if (from < 0 || from + wanted.length > text.length) return -1
  const equal = ignoresCase
    ? equalFolded(wanted, text.slice(from, from + wanted.length))
    : text.startsWith(wanted, from)
  return !equal ? -1 : backwards ? from : from + wanted.length
}
