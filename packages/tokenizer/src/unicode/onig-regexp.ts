import { HeddleError, show } from '@heddle/core'

const CLASSES: Readonly<Record<string, string>> = {
  s: '\\p{White_Space}',
  S: '\\P{White_Space}',
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  h: '[0-9A-Fa-f]',
  H: '[^0-9A-Fa-f]',
  w: '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]',
  W: '[^\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]',
}

// Outside of a class, the superscripts and fractions of Latin-1 count as word characters too.
const WORDS: Readonly<Record<string, string>> = {
  w: '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be]',
  W: '[^\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be]',
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: '\\p{Alphabetic}\\p{Nd}',
  alpha: '\\p{Alphabetic}',
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}',
  digit: '\\p{Nd}',
  lower: '\\p{Lowercase}',
  punct: '\\p{P}\\p{S}',
  space: '\\p{White_Space}',
  upper: '\\p{Uppercase}',
  word: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}',
  xdigit: '0-9A-Fa-f',
}

const ANCHORS: Readonly<Record<string, string>> = { A: '(?<![^])', z: '(?![^])', Z: '(?=\\n?(?![^]))' }

/**
 * Compiles a regular expression in Oniguruma's (Ruby's) syntax, which tokenizer.json uses.
 *
 * Differences that matter there: `\s`, `\d` and `\w` are those of Unicode; `^` and `$` match at line breaks; `(?i:…)` ignores case in a
 * group; `(?>…)` and possessive quantifiers do not give back what they took.
 *
 * @throws HeddleError `config` for what is malformed or has no counterpart in JavaScript
 */
export function compileRegExp(source: string): RegExp {
  const translator = new Translator(source)
  try {
    return new RegExp(translator.translate(), 'gmv')
  } catch (error) {
    if (error instanceof HeddleError) throw error
    throw new HeddleError(
      'config',
      `regular expression: expected valid syntax, got ${show(source)} (${(error as Error).message}). Correct it.`,
    )
  }
}

class Translator {
  readonly #source: string
  #at = 0
  #ignoresCase = false
  #dotAll = false
  #atomics = 0

  constructor(source: string) {
    this.#source = source
  }

  translate(): string {
    const result = this.#alternatives()
    if (this.#at < this.#source.length) this.#fail('an unmatched )')
    return result
  }

  #fail(what: string): never {
    throw new HeddleError(
      'config',
      `regular expression: expected syntax that JavaScript has too, got ${what} at ${this.#at} of ${show(this.#source)}.`,
    )
  }

  // Up to the closing parenthesis of the group, or the end.
  #alternatives(): string {
    let result = ''
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#source[this.#at] === '|') {
        this.#at++
        result += '|'
        continue
      }
      const atom = this.#atom()
      const { quantifier, possessive } = this.#quantifier()
      result += possessive ? this.#atomic(atom + quantifier) : atom + quantifier
    }
    return result
  }

  // JavaScript has no atomic groups, but a look-ahead never gives back what it matched.
  #atomic(body: string): string {
    const name = `atomic${this.#atomics++}`
    return `(?:(?=(?<${name}>${body}))\\k<${name}>)`
  }

  #quantifier(): { quantifier: string; possessive: boolean } {
    const match = /^(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})([?+]?)/.exec(this.#source.slice(this.#at, this.#at + 24))
    if (match === null) return { quantifier: '', possessive: false }
    const braces = match[0].startsWith('{')
    const [whole] = match
    // After braces a plus is a second quantifier, not a possessive mark.
    const possessive = match[1] === '+' && !braces
    const length = whole.length - (match[1] === '+' ? 1 : 0)
    this.#at += possessive ? whole.length : length
    return { quantifier: whole.slice(0, length).replace('{,', '{0,'), possessive }
  }

  #atom(): string {
    const c = this.#source[this.#at]!
    if (c === '(') return this.#group()
    if (c === '[') return this.#class()
    if (c === '\\') return this.#escape(false)
    this.#at++
    if (c === '.') return this.#dotAll ? '[^]' : '[^\\n]'
    if (c === '^' || c === '$') return c === '^' ? '(?<![^\\n])' : '(?=\\n|(?![^]))'
    if ('*+?'.includes(c)) this.#fail('a quantifier without anything before it')
    const code = this.#source.codePointAt(this.#at - 1)!
    if (code > 0xffff) this.#at++
    return this.#literal(code, false)
  }

  #group(): string {
    const rest = this.#source.slice(this.#at)
    const comment = /^\(\?#[^)]*\)/.exec(rest)
    if (comment !== null) {
      this.#at += comment[0].length
      return ''
    }
    const options = /^\(\?([imx]*)(?:-([imx]+))?([:)])/.exec(rest)
    if (options !== null) return this.#optionGroup(options)
    const head = /^\((?:\?(?:[=!>]|<[=!]|<[A-Za-z_]\w*>))?/.exec(rest)![0]
    if (head === '(' && rest[1] === '?') this.#fail(rest.slice(0, 4))
    this.#at += head.length
    const saved = this.#ignoresCase
    const body = this.#alternatives()
    this.#ignoresCase = saved
    this.#close()
    return head === '(?>' ? this.#atomic(body) : `${head}${body})`
  }

  // (?i:…) is for the group, (?i) for what follows in the group around it.
  #optionGroup([whole, on, off, end]: RegExpExecArray): string {
    if (`${on}${off ?? ''}`.includes('x')) this.#fail('the option x')
    const saved = [this.#ignoresCase, this.#dotAll] as const
    this.#at += whole.length
    if (on!.includes('i')) this.#ignoresCase = true
    if (off?.includes('i')) this.#ignoresCase = false
    if (on!.includes('m')) this.#dotAll = true
    if (off?.includes('m')) this.#dotAll = false
    const body = this.#alternatives()
    ;[this.#ignoresCase, this.#dotAll] = saved
    if (end === ':') this.#close()
    return `(?:${body})`
  }

  #close(): void {
    if (this.#source[this.#at] !== ')') this.#fail('a group without an end')
    this.#at++
  }

  #class(): string {
    this.#at++
    const isNegated = this.#source[this.#at] === '^'
    if (isNegated) this.#at++
    // What stands between `&&`: JavaScript wants each a class of its own.
    const operands = ['']
    for (let first = true; ; first = false) {
      const c = this.#source[this.#at]
      if (c === undefined) this.#fail('a character class without an end')
      if (c === ']' && !first) break
      if (this.#source.startsWith('&&', this.#at)) {
        operands.push('')
        this.#at += 2
      } else operands[operands.length - 1] += this.#classMember(operands.at(-1)!)
    }
    this.#at++
    const members = operands.length === 1 ? operands[0]! : operands.map((operand) => `[${operand}]`).join('&&')
    return `[${isNegated ? '^' : ''}${members}]`
  }

  #classMember(soFar: string): string {
    const c = this.#source[this.#at]!
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(this.#at, this.#at + 16))
    if (posix !== null) {
      const known = POSIX[posix[2]!]
      if (known === undefined) this.#fail(posix[0])
      this.#at += posix[0].length
      return posix[1] === '^' ? `[^${known}]` : known
    }
    if (c === '[') return this.#class()
    if (c === '\\') return this.#escape(true)
    if (c === '-' && this.#isRange(soFar)) {
      this.#at++
      return '-'
    }
    const code = this.#source.codePointAt(this.#at)!
    this.#at += code > 0xffff ? 2 : 1
    return this.#literal(code, true)
  }

  #isRange(soFar: string): boolean {
    const next = this.#source[this.#at + 1]
    return soFar !== '' && next !== ']' && next !== '[' && !/\\[pP]\{[^}]*\}$|\]$/.test(soFar)
  }

  #escape(inClass: boolean): string {
    const rest = this.#source.slice(this.#at)
    const property = /^\\([pP])\{(\^?)([\w =]+)\}/.exec(rest)
    if (property !== null) {
      this.#at += property[0].length
      const negated = (property[1] === 'P') !== (property[2] === '^')
      return `\\${negated ? 'P' : 'p'}{${property[3]}}`
    }
    const code = /^\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4}))/.exec(rest)
    if (code !== null) {
      this.#at += code[0].length
      return this.#literal(Number.parseInt((code[1] ?? code[2] ?? code[3])!, 16), inClass)
    }
    const c = rest[1]
    if (c === undefined) this.#fail('a backslash at the end')
    this.#at += 2
    const known = (inClass ? undefined : WORDS[c]) ?? CLASSES[c]
    if (known !== undefined) return known
    if (!inClass && ANCHORS[c] !== undefined) return ANCHORS[c]
    if (!inClass && (c === 'b' || c === 'B')) return c === 'b' ? WORD_EDGE : `(?!${WORD_EDGE})`
    if ('nrtfv0'.includes(c)) return `\\${c}`
    if (c === 'a') return '\\u0007'
    if (c === 'e') return '\\u001b'
    if (/[A-Za-z0-9]/.test(c)) this.#fail(`\\${c}`)
    return this.#literal(c.codePointAt(0)!, inClass)
  }

  #literal(code: number, inClass: boolean): string {
    const plain = (c: number) => {
      const character = String.fromCodePoint(c)
      return /^[\p{L}\p{N} ]$/u.test(character) ? character : `\\u{${c.toString(16)}}`
    }
    if (!this.#ignoresCase) return plain(code)
    const variants = caseVariants(code).map(plain).join('')
    return inClass || variants.length === 1 ? variants : `[${variants}]`
  }
}

const WORD_EDGE = `(?:(?<=${CLASSES['w']})(?!${CLASSES['w']})|(?<!${CLASSES['w']})(?=${CLASSES['w']}))`

function caseVariants(code: number): number[] {
  const character = String.fromCodePoint(code)
  const variants = new Set([character, character.toLowerCase(), character.toUpperCase()])
  // The long s and the Kelvin sign fold to plain letters.
  if (variants.has('s')) variants.add('\u017f')
  if (variants.has('k')) variants.add('\u212a')
  return [...variants].filter((variant) => [...variant].length === 1).map((variant) => variant.codePointAt(0)!)
}
