/** Control characters but line breaks and tabs, and the characters that reorder text (Unicode's Bidi_Control). */
const HIDDEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu
const CONTROL_PICTURES = 0x2400

/**
 * The text with its control characters as visible marks: ␛ for the escape character, ‹U+202E› for the right-to-left override.
 * Texts from data, labels and file names then change neither the state of a terminal nor the order of what stands around them. Line
 * breaks and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0)!
    if (code === 0x09 || code === 0x0a) return character
    if (code < 0x20) return String.fromCodePoint(CONTROL_PICTURES + code)
    if (code === 0x7f) return '␡'
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
}

/** JSON data with the control characters of every string in it made visible. */
export function visibleData<T>(value: T): T {
  return visible(value) as T
}

function visible(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value)
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value : value.map(visible)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [visibleText(key), visible(inner)]))
}
