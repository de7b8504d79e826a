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

/** Number of UTF-16 units of the character at unit `i`. */
export const unitsAt = (text: string, i: number): number =>
  (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00 ? 2 : 1
