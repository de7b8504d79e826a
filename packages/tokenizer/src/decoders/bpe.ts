import { z } from 'zod'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'

/** Words from pieces of which the last of each word has a suffix. */
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
  summary: 'words from pieces with an end suffix',
  config: z.strictObject({ suffix: z.string().default('</w>') }),
  create: (config) => new BPEDecoder(config),
})
