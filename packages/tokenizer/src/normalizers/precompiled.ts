import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { ByteTrie, fromBase64, toBase64 } from './byte-trie.ts'
import { changeSources } from './change-sources.ts'

/**
 * SentencePiece's character map: a trie of byte strings and their replacements, as in a .model file.
 *
 * As in the Rust library, a grapheme of fewer than six bytes is looked up as a whole, other text character by character, and the shortest
 * matching entry is used.
 */
export class Precompiled implements Normalizer {
  readonly #charsmap: string
  readonly #map: ByteTrie
  readonly #known = new Map<string, string | undefined>()

  /** @param charsmap the bytes, or the same in base64 */
  constructor(charsmap: string | Uint8Array) {
    this.#charsmap = typeof charsmap === 'string' ? charsmap : toBase64(charsmap)
    this.#map = new ByteTrie(typeof charsmap === 'string' ? fromBase64(charsmap) : charsmap)
  }

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    if (this.#map.isEmpty) return text
    let output = ''
    const changes: number[] = []
    const put = (part: string, mapped: string | undefined) => {
      const count = changes.length
      for (const _ of mapped ?? part) changes.push(0)
      output += mapped ?? part
      const added = changes.length - count - [...part].length
      if (added > 0) changes.fill(1, changes.length - added)
      else if (added < 0 && changes.length > 0) changes[changes.length - 1]! += added
    }
    for (const grapheme of SINGLE_CHARACTERS.test(input) ? input : graphemes(input)) {
      const mapped = utf8Length(grapheme) < 6 ? this.#lookUp(grapheme) : undefined
      if (mapped !== undefined) put(grapheme, mapped)
      else for (const character of grapheme) put(character, this.#lookUp(character))
    }
    return output === input ? text : text.derive(output, () => changeSources(input, output, changes))
  }

  toJSON() {
    return { type: 'Precompiled', precompiled_charsmap: this.#charsmap }
  }

  #lookUp(part: string): string | undefined {
    if (this.#known.has(part)) return this.#known.get(part)
    let mapped: string | undefined
    this.#map.prefixes(encoder.encode(part), (_, text) => {
      mapped = text
      return true
    })
    if (this.#known.size < 1 << 16) this.#known.set(part, mapped)
    return mapped
  }
}

const encoder = new TextEncoder()

// Text in which every character is a grapheme.
const SINGLE_CHARACTERS = /^[\n -~\u3000-\u3029\u3030-\u3096\uac00-\ud7a3\u4e00-\u9fff\uff01-\uff9d]*$/

function* graphemes(text: string): Generator<string> {
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) yield segment
}

function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const code = codePointAt(character, 0)
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}

export const precompiled = normalizerPoint.of({
  name: 'Precompiled',
  summary: "SentencePiece's character map",
  config: schema.strictObject({ precompiled_charsmap: schema.string() }),
  create: (config) => new Precompiled(config.precompiled_charsmap),
})
