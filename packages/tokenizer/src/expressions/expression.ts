import { countCharacters, unitsAt } from '../unicode/code-point.ts'
import { compile } from './compile.ts'
import { Matcher } from './matcher.ts'
import type { Program, Span } from './program.ts'

/**
 * A regular expression in Oniguruma's syntax, which tokenizer.json uses.
 *
 * It is run by a matcher of this package instead of the engine's `RegExp`: a search takes time in proportion to the length of the text, with
 * a limit of steps for expressions with back references, never matches within a surrogate pair, and uses one version of Unicode everywhere.
 * `\s`, `\d` and `\w` are those of Unicode, and `^` and `$` match at line breaks.
 *
 * @see https://github.com/kkos/oniguruma/blob/master/doc/RE
 */
export class Expression {
  readonly source: string
  readonly #program: Program
  #matcher: Matcher | undefined

  /** @throws HeddleError `config` for malformed expressions, and for syntax that is not available */
  constructor(source: string) {
    this.source = source
    this.#program = compile(source)
  }

  /**
   * Start and end of each match in a text, as a flat list.
   *
   * An empty match right after the match before it does not count, as in the Rust library.
   *
   * @throws HeddleError `data` if the search takes too many steps
   */
  matches(text: string): number[] {
    const single = this.#program.single
    if (single !== undefined) return singleMatches(single, text)
    const found: number[] = []
    this.#matcher ??= new Matcher(this.#program)
    const matcher = this.#matcher
    matcher.start(text)
    let last = -1
    for (let from = 0; from <= text.length; ) {
      const match = matcher.find(from)
      if (match === undefined) break
      const [start, end] = match
      if (start === end && end === last) from += from < text.length ? unitsAt(text, from) : 1
      else {
        found.push(start, end)
        from = last = end
      }
    }
    return found
  }
}

// The matches of one set, repeated or not: the expressions of most files are no more than this.
function singleMatches({ set, min, max }: Span, text: string): number[] {
  const found: number[] = []
  for (let at = set.next(text, 0); at < text.length; ) {
    const end = set.runEnd(text, at, max)
    if (min === 1 || (end - at >= min && countCharacters(text, at, end) >= min)) found.push(at, end)
    at = set.next(text, end)
  }
  return found
}
