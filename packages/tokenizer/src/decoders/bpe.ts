import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'

/** Joins tokens to words; the last token of each word has a suffix. */
export class BPEDecoder implements Decoder {
  readonly #suffix: string

  constructor(options: { suffix?: string } = {}) {
    this.#suffix = options.suffix ?? '</w>'
  }

  decode(tokens: readonly string[]): string[] {
    return tokens.map((token, i) => token.replaceAll(this.#suffix, i === tokens.length - 1 ? '' : ' '))
  }

  toJSON() {
    return { type: 'BPEDecoder', suffix: this.#suffix }
  }
}

export const bpeDecoder = decoderPoint.of({
  name: 'BPEDecoder',
  summary: 'joins tokens with an end-of-word suffix to words',
  config: schema.strictObject({ suffix: schema.string().default('</w>') }),
  create: (config) => new BPEDecoder(config),
})
