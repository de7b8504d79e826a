import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'
import { decodeBytes } from '../unicode/byte-characters.ts'

/** Turns runs of byte tokens (`<0xED>`) into text; each byte of an invalid run becomes U+FFFD. */
export class ByteFallback implements Decoder {
  decode(tokens: readonly string[]): string[] {
    const texts: string[] = []
    let bytes: number[] = []
    const flush = () => {
      if (bytes.length === 0) return
      const text = decodeBytes(Uint8Array.from(bytes))
      if (!text.includes('\ufffd') || isReplacement(bytes)) texts.push(text)
      else for (const _ of bytes) texts.push('\ufffd')
      bytes = []
    }
    for (const token of tokens) {
      if (BYTE.test(token)) bytes.push(Number.parseInt(token.slice(3, 5), 16))
      else {
        flush()
        texts.push(token)
      }
    }
    flush()
    return texts
  }

  toJSON() {
    return { type: 'ByteFallback' }
  }
}

const BYTE = /^<0x[0-9A-Fa-f]{2}>$/

// Whether the bytes are valid, so that every U+FFFD of the text was encoded by them.
function isReplacement(bytes: readonly number[]): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
    return true
  } catch {
    return false
  }
}

export const byteFallback = decoderPoint.of({
  name: 'ByteFallback',
  summary: 'text from byte tokens',
  config: schema.strictObject({}),
  create: () => new ByteFallback(),
})
