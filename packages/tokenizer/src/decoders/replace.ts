import * as schema from '../config/schema.ts'
import { Pattern, type PatternInput, patternJson } from '../expressions/pattern.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'

/** Replaces the matches of a pattern in every token. */
export class Replace implements Decoder {
  readonly #pattern: Pattern
  readonly #content: string

  constructor(pattern: PatternInput | Pattern, content: string) {
    this.#pattern = pattern instanceof Pattern ? pattern : new Pattern(pattern)
    this.#content = content
  }

  decode(tokens: readonly string[]): string[] {
    return tokens.map((token) => {
      const matches = this.#pattern.matches(token)
      let text = ''
      let at = 0
      for (let i = 0; i < matches.length; i += 2) {
        text += token.slice(at, matches[i]) + this.#content
        at = matches[i + 1]!
      }
      return text + token.slice(at)
    })
  }

  toJSON() {
    return { type: 'Replace', pattern: this.#pattern.toJSON(), content: this.#content }
  }
}

export const replace = decoderPoint.of({
  name: 'Replace',
  summary: 'replaces the matches of a pattern',
  config: schema.strictObject({ pattern: patternJson, content: schema.string() }),
  create: ({ pattern, content }) => new Replace(Pattern.fromJSON(pattern), content),
})
