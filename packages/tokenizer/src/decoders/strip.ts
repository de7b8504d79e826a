import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'

export interface StripOptions {
  /** Character to remove. */
  readonly content: string
  /** Largest number to remove at the start of each token. */
  readonly start: number
  /** Largest number to remove at the end of each token. */
  readonly stop: number
}

/** Removes a character at the ends of every token. */
export class Strip implements Decoder {
  readonly #options: StripOptions

  constructor(options: StripOptions) {
    this.#options = options
  }

  decode(tokens: readonly string[]): string[] {
    const { content, start, stop } = this.#options
    return tokens.map((token) => {
      const characters = [...token]
      let from = 0
      while (from < start && characters[from] === content) from++
      let to = characters.length
      while (characters.length - to < stop && to > 0 && characters[to - 1] === content) to--
      return characters.slice(from, Math.max(from, to)).join('')
    })
  }

  toJSON() {
    return { type: 'Strip', ...this.#options }
  }
}

export const strip = decoderPoint.of({
  name: 'Strip',
  summary: 'removes a character at the ends of tokens',
  config: schema.strictObject({ content: schema.string(), start: schema.integer(0), stop: schema.integer(0) }),
  create: (config) => new Strip(config),
})
