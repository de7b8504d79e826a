import * as schema from '../config/schema.ts'
import type { Encoding } from '../encoding/encoding.ts'
import { type PostProcessor, postProcessorPoint } from '../pipeline/points.ts'
import { type SpecialToken, surround } from './surround.ts'
import { trimOffsets } from './trim-offsets.ts'

const special = schema.tuple(schema.string(), schema.integer(0))

export interface RobertaOptions {
  readonly sep: SpecialToken
  readonly cls: SpecialToken
  /** Trims white space from offsets. Default true. */
  readonly trimOffsets?: boolean
  /** Whether the pre-tokenizer adds a space before the text. Default true. */
  readonly addPrefixSpace?: boolean
}

/** `<s> A </s>`, and for pairs `<s> A </s></s> B </s>`, type id 0 throughout. */
export class RobertaProcessing implements PostProcessor {
  readonly #options: Required<RobertaOptions>

  constructor(options: RobertaOptions) {
    this.#options = { trimOffsets: true, addPrefixSpace: true, ...options }
  }

  addedTokens(isPair: boolean): number {
    return isPair ? 4 : 2
  }

  process(encodings: readonly Encoding[], addSpecialTokens: boolean): Encoding[] {
    const { sep, cls, trimOffsets: trims, addPrefixSpace } = this.#options
    return encodings.map((encoding, i) => {
      const trimmed = trims ? trimOffsets(encoding, addPrefixSpace) : encoding
      if (!addSpecialTokens) return surround(trimmed, undefined, undefined, 0)
      return surround(trimmed, i === 0 ? cls : sep, sep, 0)
    })
  }

  toJSON() {
    const { sep, cls, trimOffsets: trims, addPrefixSpace } = this.#options
    return { type: 'RobertaProcessing', sep, cls, trim_offsets: trims, add_prefix_space: addPrefixSpace }
  }
}

export const robertaProcessing = postProcessorPoint.of({
  name: 'RobertaProcessing',
  summary: '<s> A </s></s> B </s>',
  config: schema.strictObject({
    sep: special,
    cls: special,
    trim_offsets: schema.boolean().default(true),
    add_prefix_space: schema.boolean().default(true),
  }),
  create: (config) =>
    new RobertaProcessing({
      sep: config.sep,
      cls: config.cls,
      trimOffsets: config.trim_offsets,
      addPrefixSpace: config.add_prefix_space,
    }),
})
