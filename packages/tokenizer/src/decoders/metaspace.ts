import { type Decoder, decoderPoint } from '../pipeline/points.ts'
import { type MetaspaceOptions, metaspaceConfig, metaspaceOptions } from '../pre-tokenizers/metaspace.ts'

/** Replaces markers by spaces; drops those of the first token if the pre-tokenizer adds one there. */
export class Metaspace implements Decoder {
  readonly #options: Required<MetaspaceOptions>

  constructor(options: MetaspaceOptions = {}) {
    this.#options = { replacement: '\u2581', prependScheme: 'always', split: true, ...options }
  }

  decode(tokens: readonly string[]): string[] {
    const { replacement, prependScheme } = this.#options
    return tokens.map((token, i) => token.replaceAll(replacement, i === 0 && prependScheme !== 'never' ? '' : ' '))
  }

  toJSON() {
    const { replacement, prependScheme, split } = this.#options
    return { type: 'Metaspace', replacement, prepend_scheme: prependScheme, split }
  }
}

export const metaspace = decoderPoint.of({
  name: 'Metaspace',
  summary: 'spaces from markers',
  config: metaspaceConfig,
  create: (config) => new Metaspace(metaspaceOptions(config)),
})
