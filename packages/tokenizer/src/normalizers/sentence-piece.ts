import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { codePointAt, unitsAt } from '../unicode/code-point.ts'
import { ByteTrie, fromBase64, toBase64 } from './byte-trie.ts'

const config = schema.strictObject({
  precompiled_charsmap: schema.string().default(''),
  add_dummy_prefix: schema.boolean().default(true),
  remove_extra_whitespaces: schema.boolean().default(true),
  treat_whitespace_as_suffix: schema.boolean().default(false),
  user_defined_symbols: schema.array(schema.string({ minLength: 1 })).default([]),
})
type Options = CamelKeys<schema.Output<typeof config>>

const MARK = '\u2581'

/**
 * The normalization of SentencePiece: applies the longest matching entry of the character map, removes spaces at the ends, joins runs of
 * spaces, adds one before the text (or after it), and writes all as ▁. User-defined symbols are kept.
 *
 * The Rust library has no such part: its `Precompiled`, `Replace` and `Metaspace` come close, but do not join Hangul letters as the map does.
 *
 * @see https://github.com/google/sentencepiece/blob/master/src/normalizer.cc
 */
export class SentencePiece implements Normalizer {
  readonly #options: Options
  readonly #map: ByteTrie
  readonly #symbols: ReadonlyMap<string, readonly string[]>
  // Whether an entry starts with this character.
  readonly #isMapped = new Map<number, boolean>()

  /** @param options of them `precompiledCharsmap` as bytes or in base64 */
  constructor({
    precompiledCharsmap: charsmap = '',
    ...options
  }: Partial<Omit<Options, 'precompiledCharsmap'>> & { readonly precompiledCharsmap?: string | Uint8Array } = {}) {
    const [text, bytes] =
      typeof charsmap === 'string' ? [charsmap, fromBase64(charsmap)] : [toBase64(charsmap), charsmap]
    this.#options = {
      addDummyPrefix: true,
      removeExtraWhitespaces: true,
      treatWhitespaceAsSuffix: false,
      userDefinedSymbols: [],
      ...options,
      precompiledCharsmap: text,
    }
    this.#map = new ByteTrie(bytes)
    const symbols = new Map<string, string[]>()
    for (const symbol of [...this.#options.userDefinedSymbols].sort((a, b) => b.length - a.length)) {
      symbols.set(symbol[0]!, [...(symbols.get(symbol[0]!) ?? []), symbol])
    }
    this.#symbols = symbols
  }

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    const { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix } = this.#options
    let output = ''
    const sources: number[] = []
    let afterSpace = removeExtraWhitespaces
    // Whether anything but spaces has been read, even if the map removes it.
    let hasText = !removeExtraWhitespaces && input !== ''
    for (let i = 0; i < input.length; ) {
      const { length, mapped } = this.#match(input, i)
      let part = mapped ?? input.slice(i, i + length)
      if (part !== ' ') hasText = true
      let skipped = 0
      if (afterSpace) while (part[skipped] === ' ') skipped++
      if (skipped > 0) part = part.slice(skipped)
      if (part !== '') {
        afterSpace = removeExtraWhitespaces && part.endsWith(' ')
        output += part
        // The last unit comes from the end of the replaced text.
        for (let k = 0; k < part.length; k++) {
          if (mapped === undefined) sources.push(i + skipped + k)
          else sources.push(k === part.length - 1 && k > 0 ? i + length - 1 : i)
        }
      } else if (!removeExtraWhitespaces) afterSpace = false
      i += length
    }
    output = output.replaceAll(' ', MARK)
    if (removeExtraWhitespaces) {
      let end = output.length
      while (end > 0 && output[end - 1] === MARK) end--
      output = output.slice(0, end)
    }
    sources.length = output.length
    const isKept = treatWhitespaceAsSuffix || !removeExtraWhitespaces ? hasText : output !== ''
    if (isKept && addDummyPrefix) {
      if (treatWhitespaceAsSuffix) {
        output += MARK
        sources.push(sources.at(-1) ?? 0)
      } else {
        output = MARK + output
        sources.unshift(sources[0] ?? 0)
      }
    }
    return output === input ? text : text.derive(output, () => Int32Array.from(sources))
  }

  /** User-defined symbols are found in normalized text as they are. */
  normalizeToken(content: string): string {
    return content
  }

  toJSON() {
    return { type: 'SentencePiece', ...snakeKeys(this.#options) }
  }

  /** The longest entry of the map at unit `i`, a user-defined symbol there, or else the character. */
  #match(input: string, i: number): { length: number; mapped: string | undefined } {
    const symbol = this.#symbols.get(input[i]!)?.find((symbol) => input.startsWith(symbol, i))
    if (symbol !== undefined) return { length: symbol.length, mapped: undefined }
    const code = codePointAt(input, i)
    let [length, mapped] = [unitsAt(input, i), undefined as string | undefined]
    if (this.#map.isEmpty || this.#isMapped.get(code) === false) return { length, mapped }
    let bytes = 0
    this.#map.prefixes(utf8From(input, i), (matched, text) => {
      bytes = matched
      mapped = text
      return false
    })
    if (mapped === undefined) this.#isMapped.set(code, this.#hasEntries(code))
    else length = unitsOf(input, i, bytes)
    return { length, mapped }
  }

  #hasEntries(code: number): boolean {
    return this.#map.hasPrefix(utf8From(String.fromCodePoint(code), 0))
  }
}

/** The UTF-8 bytes of a text from unit `i` on, generated lazily. */
function* utf8From(text: string, i: number): Generator<number> {
  for (; i < text.length; i += unitsAt(text, i)) {
    const code = codePointAt(text, i)
    if (code < 0x80) yield code
    else {
      const rest = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3
      yield ((0xff00 >> (rest + 1)) & 0xff) | (code >> (6 * rest))
      for (let shift = 6 * (rest - 1); shift >= 0; shift -= 6) yield 0x80 | ((code >> shift) & 0x3f)
    }
  }
}

/** Number of units from `i` on that have this many bytes in UTF-8. */
function unitsOf(text: string, i: number, bytes: number): number {
  let at = i
  while (bytes > 0) {
    const code = codePointAt(text, at)
    bytes -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    at += code > 0xffff ? 2 : 1
  }
  return at - i
}

export const sentencePiece = normalizerPoint.of({
  name: 'SentencePiece',
  summary: "SentencePiece's own normalization: its character map and its treatment of spaces",
  config,
  create: (options) => new SentencePiece(camelKeys(options)),
})
