import * as z from 'zod'
import { unitsAt } from './code-point.ts'
import { compileRegExp } from './onig-regexp.ts'

/** A pattern as it stands in tokenizer.json: a string that is looked for as it is, or a regular expression in Oniguruma's syntax. */
export const patternJson = z.union([z.strictObject({ String: z.string() }), z.strictObject({ Regex: z.string() })])

export type PatternJson = z.output<typeof patternJson>

/** A pattern for a part's constructor; a string is looked for as it is. */
export type PatternInput = string | { readonly regex: string }

/** Finds the places in a text where a pattern matches. */
export class Pattern {
  readonly #string: string | undefined
  readonly #regExp: RegExp | undefined
  readonly #source: string

  /** @throws HeddleError `config` when a regular expression is malformed or has no counterpart in JavaScript */
  constructor(pattern: PatternInput) {
    if (typeof pattern === 'string') {
      this.#string = this.#source = pattern
      // The empty string is found before and after every character.
      if (pattern === '') this.#regExp = /(?:)/gu
    } else {
      this.#source = pattern.regex
      this.#regExp = compileRegExp(pattern.regex)
    }
  }

  static fromJSON(json: PatternJson): Pattern {
    return new Pattern('String' in json ? json.String : { regex: json.Regex })
  }

  toJSON(): PatternJson {
    return this.#string !== undefined ? { String: this.#source } : { Regex: this.#source }
  }

  /** Start and end of each match within `text`, in turn. */
  matches(text: string): number[] {
    const found: number[] = []
    if (text === '') return found
    const regExp = this.#regExp
    if (regExp !== undefined) {
      regExp.lastIndex = 0
      for (let match = regExp.exec(text); match !== null; match = regExp.exec(text)) {
        const end = match.index + match[0].length
        found.push(match.index, end)
        // An empty match is followed by the next character's.
        if (end === match.index) regExp.lastIndex = end + unitsAt(text, end)
      }
    } else {
      const pattern = this.#string!
      for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length))
        found.push(at, at + pattern.length)
    }
    return found
  }
}
