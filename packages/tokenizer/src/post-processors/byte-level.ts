import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import type { Encoding } from '../encoding/encoding.ts'
import { type PostProcessor, postProcessorPoint } from '../pipeline/points.ts'
import { trimOffsets } from './trim-offsets.ts'

const config = schema.strictObject({
  add_prefix_space: schema.boolean().default(true).describe('whether the pre-tokenizer adds a space before the text'),
  trim_offsets: schema.boolean().default(true).describe('trim white space from offsets'),
  use_regex: schema.boolean().default(true),
})

/** Leaves the white space that byte-level tokens begin with out of their offsets. */
export class ByteLevel implements PostProcessor {
  readonly #options: CamelKeys<schema.Output<typeof config>>

  constructor(options: Partial<CamelKeys<schema.Output<typeof config>>> = {}) {
    this.#options = { addPrefixSpace: true, trimOffsets: true, useRegex: true, ...options }
  }

  addedTokens(): number {
    return 0
  }

  process(encodings: readonly Encoding[]): Encoding[] {
    const { trimOffsets: trims, addPrefixSpace } = this.#options
    return trims ? encodings.map((encoding) => trimOffsets(encoding, addPrefixSpace)) : [...encodings]
  }

  toJSON() {
    return { type: 'ByteLevel', ...snakeKeys(this.#options) }
  }
}

export const byteLevel = postProcessorPoint.of({
  name: 'ByteLevel',
  summary: 'offsets without white space',
  config,
  create: (options) => new ByteLevel(camelKeys(options)),
})
