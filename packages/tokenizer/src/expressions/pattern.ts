import * as schema from '../config/schema.ts'
import { unitsAt } from '../unicode/code-point.ts'
import { Expression } from './expression.ts'

/** A pattern of tokenizer.json: a literal string, or a regular expression in Oniguruma's syntax. */
export const patternJson = schema.union(
  schema.object({ String: schema.string() }),
  schema.object({ Regex: schema.string() }),
)

export type PatternJson = schema.Output<typeof patternJson>

/** A pattern for a part's constructor: a literal string, or a regular expression. */
export type PatternInput = string | { readonly regex: string }

/** Finds the places in a text where a pattern matches. */
export class Pattern {
  readonly #string: string | undefined
  readonly #expression: Expression | undefined

  /** @throws HeddleError `config` for a regular expression that is malformed or not available */
  constructor(pattern: PatternInput) {
    if (typeof pattern === 'string') this.#string = pattern
    else this.#expression = new Expression(pattern.regex)
  }

  static fromJSON(json: PatternJson): Pattern {
    return new Pattern('String' in json ? json.String : { regex: json.Regex })
  }

  toJSON(): PatternJson {
    return this.#string !== undefined ? { String: this.#string } : { Regex: this.#expression!.source }
  }

  /**
   * Start and end of each match in `text`, as a flat list.
   *
   * @throws HeddleError `data` if the search takes too many steps
   */
  matches(text: string): number[] {
    if (text === '') return []
    if (this.#expression !== undefined) return this.#expression.matches(text)
    const pattern = this.#string!
    const found: number[] = []
    // The empty string is found before and after every character.
    const step = (at: number) => (pattern === '' ? (at < text.length ? unitsAt(text, at) : 1) : pattern.length)
    for (
      let at = text.indexOf(pattern);
      at >= 0 && at + pattern.length <= text.length;
      at = text.indexOf(pattern, at + step(at))
    ) {
      found.push(at, at + pattern.length)
      if (pattern === '' && at === text.length) break
    }
    return found
  }
}
