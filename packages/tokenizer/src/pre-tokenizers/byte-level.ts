import { z } from 'zod'
import { type CamelKeys, camelKeys, snakeKeys } from '../pipeline/config-keys.ts'
import type { Pieces, Spelling } from '../pipeline/pieces.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import { BYTE_ALPHABET, partByteSources, toByteCharacters } from '../unicode/byte-characters.ts'
import { splitGpt2 } from './gpt2-split.ts'

const config = z.strictObject({
  add_prefix_space: z.boolean().default(true).describe('treat the first word like any other by a space before it'),
  trim_offsets: z.boolean().default(true).describe('for the post-processor of the same name'),
  use_regex: z.boolean().default(true).describe("split by GPT-2's pattern"),
})

const BYTES: Spelling = { spell: toByteCharacters, sources: partByteSources }

/**
 * Splits text by GPT-2's pattern and writes each piece as the printable characters of its UTF-8 bytes, so that no text is unknown.
 *
 * @see Radford et al. 2019, "Language models are unsupervised multitask learners"
 */
export class ByteLevel implements PreTokenizer {
  readonly #options: CamelKeys<z.output<typeof config>>

  constructor(options: Partial<CamelKeys<z.output<typeof config>>> = {}) {
    this.#options = { addPrefixSpace: true, trimOffsets: true, useRegex: true, ...options }
  }

  /** The characters that stand for the 256 bytes. */
  static alphabet(): string[] {
    return [...BYTE_ALPHABET]
  }

  preTokenize(pieces: Pieces): Pieces {
    const { addPrefixSpace, useRegex } = this.#options
    const spaced = addPrefixSpace ? withPrefixSpace(pieces) : pieces
    return (useRegex ? spaced.split(splitGpt2) : spaced).spelt(BYTES)
  }

  toJSON() {
    return { type: 'ByteLevel', ...snakeKeys(this.#options) }
  }
}

function withPrefixSpace(pieces: Pieces): Pieces {
  const settled = pieces.settle()
  const lacks = (piece: string) => !piece.startsWith(' ')
  if (!settled.toArray().some(lacks)) return settled
  return settled.rewrite(
    (piece) => (lacks(piece) ? ` ${piece}` : piece),
    (piece) => {
      const shift = lacks(piece) ? 1 : 0
      return Int32Array.from({ length: piece.length + shift }, (_, i) => Math.max(0, i - shift))
    },
  )
}

export const byteLevel = preTokenizerPoint.of({
  name: 'ByteLevel',
  summary: 'words as the characters of their bytes',
  config,
  create: (options) => new ByteLevel(camelKeys(options)),
})
