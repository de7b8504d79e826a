import type { Tokenizer } from './tokenizer.ts'
import { codePointAt } from './unicode/code-point.ts'

/** Counts for a tokenizer on a text. */
export interface TokenStatistics {
  readonly lines: number
  /** Number of stretches of text between white space. */
  readonly words: number
  /** Characters (code points). */
  readonly characters: number
  /** UTF-8 bytes. */
  readonly bytes: number
  readonly tokens: number
  readonly unknownTokens: number
  /** Number of distinct tokens. */
  readonly usedTokens: number
  readonly tokensPerWord: number
  readonly bytesPerToken: number
  readonly charactersPerToken: number
  /** Share of unknown tokens. */
  readonly unknownRate: number
}

/**
 * Counts tokens, words and bytes of lines of text; special tokens are not added.
 *
 * @param unkToken name of the unknown token. Default: `<unk>` or `[UNK]`, if the tokenizer has it
 */
export function tokenStatistics(tokenizer: Tokenizer, lines: Iterable<string>, unkToken?: string): TokenStatistics {
  const unknown = unkToken ?? ['<unk>', '[UNK]'].find((token) => tokenizer.tokenToId(token) !== undefined)
  const unkId = unknown === undefined ? undefined : tokenizer.tokenToId(unknown)
  const used = new Set<number>()
  let [lineCount, words, characters, bytes, tokens, unknownTokens] = [0, 0, 0, 0, 0, 0]
  for (const line of lines) {
    lineCount++
    words += line.split(/\p{White_Space}+/u).filter((word) => word !== '').length
    for (const character of line) {
      const code = codePointAt(character, 0)
      characters++
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    }
    for (const id of tokenizer.encode(line, undefined, { addSpecialTokens: false }).ids) {
      tokens++
      used.add(id)
      if (id === unkId) unknownTokens++
    }
  }
  const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b)
  return {
    lines: lineCount,
    words,
    characters,
    bytes,
    tokens,
    unknownTokens,
    usedTokens: used.size,
    tokensPerWord: ratio(tokens, words),
    bytesPerToken: ratio(bytes, tokens),
    charactersPerToken: ratio(characters, tokens),
    unknownRate: ratio(unknownTokens, tokens),
  }
}
