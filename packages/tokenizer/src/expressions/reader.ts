import { HeddleError, show } from '@heddle/core'
import { codePointAt, unitsAt } from '../unicode/code-point.ts'

/** Options of an expression that hold from one place on, or within a group. */
export interface Options {
  readonly ignoreCase: boolean
  /** Whether one character can equal several if case is ignored (ß and ss): everywhere but in look-behinds. */
  readonly foldStrings: boolean
  /** Whether `.` matches line feeds too. */
  readonly dotAll: boolean
  /** Whether white space and comments in the expression are ignored. */
  readonly extended: boolean
  /** Classes that are limited to ASCII, by the names of their options: W, D, S and P. */
  readonly ascii: ReadonlySet<string>
}

/** Groups may be nested this deep. */
const MOST_NESTED = 250

/** The source of an expression and the place in it that is read next. */
export class Reader {
  readonly source: string
  at = 0
  options: Options = { ignoreCase: false, foldStrings: true, dotAll: false, extended: false, ascii: new Set() }
  #depth = 0

  constructor(source: string) {
    this.source = source
  }

  get atEnd(): boolean {
    return this.at >= this.source.length
  }

  /** The next character, which may be two units; empty at the end. */
  peek(offset = 0): string {
    const at = this.at + offset
    return at < this.source.length ? this.source.slice(at, at + unitsAt(this.source, at)) : ''
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at)
  }

  /** Takes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false
    this.at += text.length
    return true
  }

  /** Takes the match of a sticky expression, if it matches here. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at
    const match = expression.exec(this.source)
    if (match === null) return undefined
    this.at += match[0].length
    return match
  }

  /** Takes the next character and returns its code point. */
  code(): number {
    const code = codePointAt(this.source, this.at)
    this.at += code > 0xffff ? 2 : 1
    return code
  }

  /** Runs `body` one level deeper. */
  nested<T>(body: () => T): T {
    if (++this.#depth > MOST_NESTED) this.fail(`at most ${MOST_NESTED} nested groups`, 'more')
    const result = body()
    this.#depth--
    return result
  }

  /** @throws HeddleError `config`, always */
  fail(expected: string, got: string): never {
    throw new HeddleError(
      'config',
      `regular expression: expected ${expected}, got ${got} at ${this.at} of ${show(this.source)}. Correct the expression.`,
    )
  }

  /** @throws HeddleError `config` for syntax of Oniguruma that is not available here */
  refuse(what: string): never {
    throw new HeddleError(
      'config',
      `regular expression: expected syntax that is available, got ${what} at ${this.at} of ${show(this.source)}. Write it another way.`,
    )
  }
}
