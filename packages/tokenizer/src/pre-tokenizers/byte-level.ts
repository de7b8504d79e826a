import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint, type UnitSplit } from '../pipeline/points.ts'
import type { PreTokens, Spelling } from '../text/pre-tokens.ts'
import { BYTE_ALPHABET, partByteSources, toByteCharacters, writeByteCharacters } from '../unicode/byte-characters.ts'
import { splitGpt2 } from './gpt2-split.ts'

const config = schema.strictObject({
  add_prefix_space: schema
    .boolean()
    .default(true)
    .describe('add a space before the text, which makes the first word like any other'),
  trim_offsets: schema.boolean().default(true).describe('setting of the post-processor of the same name'),
  use_regex: schema.boolean().default(true).describe("split by GPT-2's pattern"),
})

const BYTES: Spelling = { spell: toByteCharacters, most: 3, write: writeByteCharacters, sources: partByteSources }

/**
 * Splits text by GPT-2's pattern and writes each pre-token as the printable characters of its UTF-8 bytes, so that no text is unknown.
 *
 * @see Radford et al. 2019, "Language models are unsupervised multitask learners"
 */
export class ByteLevel implements PreTokenizer {
  readonly #unitSplit: UnitSplit | undefined
  readonly #options: CamelKeys<schema.Output<typeof config>>

  constructor(options: Partial<CamelKeys<schema.Output<typeof config>>> = {}) {
    this.#options = { addPrefixSpace: true, trimOffsets: true, useRegex: true, ...options }
    const { addPrefixSpace, useRegex } = this.#options
    if (!addPrefixSpace) this.#unitSplit = { split: useRegex ? splitGpt2 : undefined, spelling: BYTES }
  }

  /** The characters that stand for the 256 bytes. */
  static alphabet(): string[] {
    return [...BYTE_ALPHABET]
  }

  get unitSplit(): UnitSplit | undefined {
    return this.#unitSplit
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    const { addPrefixSpace, useRegex } = this.#options
    const spaced = addPrefixSpace ? withPrefixSpace(preTokens) : preTokens
    return (useRegex ? spaced.splitUnits(splitGpt2) : spaced).withSpelling(BYTES)
  }

  toJSON() {
    return { type: 'ByteLevel', ...snakeKeys(this.#options) }
  }
}

function withPrefixSpace(preTokens: PreTokens): PreTokens {
  const settled = preTokens.settle()
  const lacks = (preToken: string) => !preToken.startsWith(' ')
  if (!settled.toArray().some(lacks)) return settled
  return settled.rewrite(
    (preToken) => (lacks(preToken) ? ` ${preToken}` : preToken),
    (preToken) => {
      const shift = lacks(preToken) ? 1 : 0
      return Int32Array.from({ length: preToken.length + shift }, (_, i) => Math.max(0, i - shift))
    },
  )
}

export const byteLevel = preTokenizerPoint.of({
  name: 'ByteLevel',
  summary: 'words as the characters of their bytes',
  config,
  create: (options) => new ByteLevel(camelKeys(options)),
})
