import { HeddleError } from '@heddle/core'

/** Text, or its UTF-8 bytes. */
export type TextInput = string | Uint8Array

/**
 * Decodes UTF-8 strictly, or UTF-16 where the bytes start with its byte order mark, as spreadsheets write it. A mark is dropped, also that
 * of a string.
 *
 * @param file the name for messages
 * @throws HeddleError `format` with the byte offset and the line of the first invalid byte
 */
export function decodeText(input: TextInput, file = 'text'): string {
  if (typeof input === 'string') return input.startsWith('\uFEFF') ? input.slice(1) : input
  const wide = utf16Of(input)
  if (wide !== undefined) return decodeWide(input, wide, file)
  if (input[0] === 0x1f && input[1] === 0x8b) {
    throw new HeddleError('format', `${file}: expected UTF-8, got gzip. Unpack the file first.`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(input)
  } catch (cause) {
    const offset = invalidUtf8Offset(input)
    const line = lineOfByte(input, offset)
    const byte = input[offset]!.toString(16).padStart(2, '0')
    throw new HeddleError(
      'format',
      `${file}:${line}: expected UTF-8, got an invalid byte 0x${byte} at byte offset ${offset}. Convert the file to UTF-8.`,
      { cause },
    )
  }
}

/** The encoding whose byte order mark bytes start with, if it is one of UTF-16. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
}

function decodeWide(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be', file: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HeddleError(
      'format',
      `${file}: expected UTF-16, as the byte order mark says, got other bytes. Save the file as UTF-8.`,
      { cause },
    )
  }
}

function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let i = 0; i < offset; i++) if (bytes[i] === 0x0a) line++
  return line
}

/**
 * Returns the offset of the first ill-formed UTF-8 sequence, or -1. `TextDecoder` tells only that there is one.
 *
 * @see The Unicode Standard 16.0, table 3-7, "Well-Formed UTF-8 Byte Sequences"
 */
export function invalidUtf8Offset(bytes: Uint8Array): number {
  let i = 0
  while (i < bytes.length) {
    const lead = bytes[i]!
    if (lead < 0x80) {
      i++
      continue
    }
    const length =
      lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
    if (length === 0) return i
    // The second byte's range is narrower after these leads: overlong forms, surrogates and code points above U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    const second = bytes[i + 1]
    if (second === undefined || second < low || second > high) return i
    for (let k = 2; k < length; k++) {
      const next = bytes[i + k]
      if (next === undefined || (next & 0xc0) !== 0x80) return i
    }
    i += length
  }
  return -1
}
