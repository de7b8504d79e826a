import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'
import { JOINER } from '../pre-tokenizers/joiner.ts'

/** Puts a space between tokens, except where one of the two has a joiner; the inverse of the pre-tokenizer. */
export class Joiner implements Decoder {
  decode(tokens: readonly string[]): string[] {
    let joined = true
    return tokens.map((token) => {
      const left = token.startsWith(JOINER)
      const right = token.length > 1 && token.endsWith(JOINER)
      const space = joined || left ? '' : ' '
      joined = right
      return space + token.slice(left ? 1 : 0, right ? -1 : undefined)
    })
  }

  toJSON() {
    return { type: 'Joiner' }
  }
}

export const joiner = decoderPoint.of({
  name: 'Joiner',
  summary: 'spaces between tokens, except at joints',
  config: schema.strictObject({}),
  create: () => new Joiner(),
})
