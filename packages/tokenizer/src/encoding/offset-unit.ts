import { codePointAt } from '../unicode/code-point.ts'
/** Unit of offsets: UTF-16 units as in JavaScript, code points as in Python, or UTF-8 bytes as in Rust. */
export type OffsetUnit = 'utf16' | 'codePoint' | 'byte'

/** Converts offsets in UTF-16 units of `text`; a lone surrogate counts as one code point and three bytes. */
export function convertOffsets(
  text: string,
  offsets: readonly [number, number][],
  unit: OffsetUnit,
): [number, number][] {
  if (unit === 'utf16' || isAscii(text)) return offsets.map(([start, end]) => [start, end])
  const positions = new Int32Array(text.length + 1)
  let position = 0
  for (let i = 0; i < text.length; i++) {
    positions[i] = position
    const code = codePointAt(text, i)
    if (code > 0xffff) positions[++i] = position
    position += unit === 'codePoint' || code < 0x80 ? 1 : code < 0x800 ? 2 : code <= 0xffff ? 3 : 4
  }
  positions[text.length] = position
  return offsets.map(([start, end]) => [positions[start]!, positions[end]!])
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
