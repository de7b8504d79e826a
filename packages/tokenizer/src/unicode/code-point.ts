/**
 * The code point at unit `i` of a text; a lone surrogate stands for itself.
 *
 * Used instead of `String.prototype.codePointAt`, which in optimized code of V8 13.6 (Node 24) sometimes returns the first half of a pair
 * as a character of its own.
 */
export function codePointAt(text: string, i: number): number {
  const unit = text.charCodeAt(i)
  if ((unit & 0xfc00) !== 0xd800) return unit
  const low = text.charCodeAt(i + 1)
  return (low & 0xfc00) === 0xdc00 ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : unit
}

/** The code point at unit `i` of units that end before `end`; a lone surrogate stands for itself. */
export function codePointOf(units: Uint16Array, i: number, end: number): number {
  const unit = units[i]!
  if ((unit & 0xfc00) !== 0xd800 || i + 1 >= end) return unit
  const low = units[i + 1]!
  return (low & 0xfc00) === 0xdc00 ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : unit
}

/** Number of UTF-16 units of the character at unit `i`. */
export const unitsAt = (text: string, i: number): number =>
  (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00 ? 2 : 1

/** The place of the character before unit `at`, or -1 at the start. */
export function stepBack(text: string, at: number): number {
  if (at <= 0) return -1
  return at > 1 && unitsAt(text, at - 2) === 2 ? at - 2 : at - 1
}

/** Number of characters between two places. */
export function countCharacters(text: string, from: number, to: number): number {
  let count = 0
  for (let i = from; i < to; i += unitsAt(text, i)) count++
  return count
}
