import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'
import { decodeBytes, UNIT_TO_BYTE } from '../unicode/byte-characters.ts'

/** Turns the printable characters of bytes back into text; a token with other characters contributes its own UTF-8 bytes. */
export class ByteLevel implements Decoder {
  decode(tokens: readonly string[]): string[] {
    let bytes = new Uint8Array(256)
    let length = 0
    for (const token of tokens) {
      const own = isByteCharacters(token) ? undefined : encoder.encode(token)
      const size = own?.length ?? token.length
      if (length + size > bytes.length) bytes = larger(bytes, length + size)
      if (own !== undefined) bytes.set(own, length)
      else for (let i = 0; i < size; i++) bytes[length + i] = UNIT_TO_BYTE[token.charCodeAt(i)]!
      length += size
    }
    return [decodeBytes(bytes.subarray(0, length))]
  }

  toJSON() {
    return { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }
  }
}

const encoder = new TextEncoder()

function isByteCharacters(token: string): boolean {
  for (let i = 0; i < token.length; i++) if ((UNIT_TO_BYTE[token.charCodeAt(i)] ?? -1) < 0) return false
  return true
}

function larger(bytes: Uint8Array<ArrayBuffer>, atLeast: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(Math.max(atLeast, bytes.length * 2))
  result.set(bytes)
  return result
}

export const byteLevel = decoderPoint.of({
  name: 'ByteLevel',
  summary: 'text from the characters of bytes',
  config: schema.strictObject({
    add_prefix_space: schema.boolean().optional(),
    trim_offsets: schema.boolean().optional(),
    use_regex: schema.boolean().optional(),
  }),
  create: () => new ByteLevel(),
})
