import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'
import { cleanUp } from './clean-up.ts'

const config = schema.strictObject({
  pad_token: schema.string().default('<pad>').describe('blank token'),
  word_delimiter_token: schema.string().default('|').describe('token between words'),
  cleanup: schema.boolean().default(true),
})

/**
 * Turns the output of a speech model into text: joins repeated tokens, removes blanks, and writes word delimiters as spaces.
 *
 * @see Graves et al. 2006, "Connectionist temporal classification"
 */
export class CTC implements Decoder {
  readonly #options: CamelKeys<schema.Output<typeof config>>

  constructor(options: Partial<CamelKeys<schema.Output<typeof config>>> = {}) {
    this.#options = { padToken: '<pad>', wordDelimiterToken: '|', cleanup: true, ...options }
  }

  decode(tokens: readonly string[]): string[] {
    const { padToken, wordDelimiterToken, cleanup } = this.#options
    return tokens
      .filter((token, i) => token !== tokens[i - 1])
      .map((token) => {
        const text = token.replaceAll(padToken, '')
        return cleanup ? cleanUp(text).replaceAll(wordDelimiterToken, ' ') : text
      })
      .filter((text) => text !== '')
  }

  toJSON() {
    return { type: 'CTC', ...snakeKeys(this.#options) }
  }
}

export const ctc = decoderPoint.of({
  name: 'CTC',
  summary: 'text from the output of a speech model',
  config,
  create: (options) => new CTC(camelKeys(options)),
})
