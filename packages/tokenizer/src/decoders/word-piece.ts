import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'
import { cleanUp } from './clean-up.ts'

/** Joins continuation tokens to the token before them and puts spaces between words. */
export class WordPiece implements Decoder {
  readonly #prefix: string
  readonly #cleanup: boolean

  constructor(options: { prefix?: string; cleanup?: boolean } = {}) {
    this.#prefix = options.prefix ?? '##'
    this.#cleanup = options.cleanup ?? true
  }

  decode(tokens: readonly string[]): string[] {
    return tokens.map((token, i) => {
      const text = i === 0 ? token : token.startsWith(this.#prefix) ? token.slice(this.#prefix.length) : ` ${token}`
      return this.#cleanup ? cleanUp(text) : text
    })
  }

  toJSON() {
    return { type: 'WordPiece', prefix: this.#prefix, cleanup: this.#cleanup }
  }
}

export const wordPiece = decoderPoint.of({
  name: 'WordPiece',
  summary: 'joins tokens with a continuation prefix to words',
  config: schema.strictObject({ prefix: schema.string().default('##'), cleanup: schema.boolean().default(true) }),
  create: (config) => new WordPiece(config),
})
