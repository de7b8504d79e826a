import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { Expression } from './expression.ts'
import { Matcher } from './matcher.ts'

const all = (source: string, text: string): string[] => {
  const matches = new Expression(source).matches(text)
  return Array.from({ length: matches.length / 2 }, (_, i) => text.slice(matches[2 * i], matches[2 * i + 1]))
}

/** The text with a bar in the place of each match. */
const replaced = (source: string, text: string): string => {
  const matches = new Expression(source).matches(text)
  let result = ''
  let at = 0
  for (let i = 0; i < matches.length; i += 2) {
    result += `${text.slice(at, matches[i])}|`
    at = matches[i + 1]!
  }
  return result + text.slice(at)
}

// Random expressions of all kinds, texts, and the text with a bar for each match by the Rust library, or null where that refuses.
const recorded = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/expressions.json.gz'))).toString(),
) as [source: string, text: string, replaced: string | null][]

describe('regular expressions in Oniguruma’s syntax', () => {
  it(`match as in the Rust library in ${recorded.length} random cases`, () => {
    expect(recorded.length).toBeGreaterThan(2000)
    const wrong = recorded.filter(
      ([source, text, expected]) => expected !== null && replaced(source, text) !== expected,
    )
    expect(wrong).toEqual([])
  })

  it('use Unicode for their classes', () => {
    expect(all('\\s+', 'a\u0085\u3000b\ufeff')).toEqual(['\u0085\u3000'])
    expect(all('\\w+', '가나_é १!')).toEqual(['가나_é', '१'])
    expect(all('\\d', '१2')).toEqual(['१', '2'])
    expect(all('\\h+', 'xFf0')).toEqual(['Ff0'])
    expect(all('[[:punct:]a]+', 'a.b$')).toEqual(['a.', '$'])
    expect(all('[[:cntrl:]]', 'a\u0007\u200b\ue000')).toEqual(['\u0007'])
    expect(all('\\p{Han}|\\p{letter}|\\p{ lu }', '漢1Aa')).toEqual(['漢', 'A', 'a'])
    expect(all('\\p{Alnum}+|\\p{Punct}', 'a१!$')).toEqual(['a१', '!'])
    expect(all('\\p{Hangul}+\\p{Hiragana}\\p{Latin}', '한글あa')).toEqual(['한글あa'])
  })

  it('ignore case within a group only, and only for letters', () => {
    expect(all("(?i:'s|'re)x?", "'S 's 'Rex 'reX")).toEqual(["'S", "'s", "'Rex", "'re"])
    expect(all('(?i)ab|C', 'AB c')).toEqual(['AB', 'c'])
    expect(all('(?i:[a-c])', '[B]_^ Z')).toEqual(['B'])
    expect(all('(?i)[a-z]+', 'aaa[B]_^')).toEqual(['aaa', 'B'])
    expect(all('(?i)straße|k', 'STRASSE \u212a')).toEqual(['STRASSE', '\u212a'])
  })

  it('match lines, not the whole text, at ^ and $', () => {
    expect(all('^a$', 'a\nab\na')).toEqual(['a', 'a'])
    expect(all('\\Aa|a\\z', 'a\na')).toEqual(['a', 'a'])
    expect(replaced('^', 'a\n')).toBe('|a\n')
  })

  it('never match within a surrogate pair', () => {
    for (const source of ['$', '^', '\\A', '\\z', '\\Z', '\\s*$', 'a?$'])
      for (const at of new Expression(source).matches('a😀b')) expect(at).not.toBe(2)
    expect(replaced('$', 'a😀b')).toBe('a😀b|')
  })

  it('have atomic groups, possessive and stacked quantifiers', () => {
    expect(all('a++b|a', 'aab aa')).toEqual(['aab', 'a', 'a'])
    expect(all('(?>a|ab)c', 'abc ac')).toEqual(['ac'])
    expect(all('a+{2}', '12345678 aaa')).toEqual(['aaa'])
    expect(all('\\p{N}{1,3}+', '12345')).toEqual(['12345'])
    expect(all('\\d{2}*', '12345')).toEqual(['1234', ''])
  })

  it('have look-around of any length, back references, conditions and calls', () => {
    expect(all('(?<=a+ *)b|(?<!x.*)c', 'aa  b xc c')).toEqual(['b'])
    expect(all('(\\w)\\1', 'aab')).toEqual(['aa'])
    expect(all('(?<n>\\w)-\\k<n>', 'a-b-b')).toEqual(['b-b'])
    expect(all('(x)?(?(1)a|b)', 'xab')).toEqual(['xa', 'b'])
    expect(all('(?<d>\\d+)\\.\\g<d>', '3.14')).toEqual(['3.14'])
    expect(all('\\R|\\X', '\r\ne\u0301')).toEqual(['\r\n', 'e\u0301'])
    expect(all('(?x) a b # comment', 'ab')).toEqual(['ab'])
  })

  it('name malformed and unavailable syntax', () => {
    const malformed = [
      '(',
      'a)',
      '[a',
      '*a',
      'a\\',
      '[[:nope:]]',
      '\\p{Nope}',
      '[z-a]',
      '\\1',
      '\\xA0',
      '(?s)a',
      '{2}',
      '(?=a)*',
    ]
    for (const source of malformed)
      expect(() => new Expression(source), source).toThrow(/^regular expression: expected/)
    const unavailable = [
      '(?~a)',
      '(?<n>a\\g<n>?)',
      '(?{a})',
      '(?L)a',
      '\\p{In_Hangul_Jamo}',
      '(?:(?:a{100}){100}){100}',
    ]
    for (const source of unavailable)
      expect(() => new Expression(source), source).toThrow(/^regular expression: expected/)
    expect(() => new Expression('('.repeat(20_000))).toThrow(/at most 250 nested groups/)
  })
})

/** Steps to search a text in which nothing matches. */
function steps(source: string, text: string): number {
  const matcher = new Matcher(compile(source))
  matcher.start(text)
  expect(matcher.find(0)).toBeUndefined()
  return matcher.steps
}

describe('expressions made to take long', () => {
  const cases: [source: string, text: (length: number) => string][] = [
    ['(a+)+$', (n) => `${'a'.repeat(n)}!`],
    ['(a|a)*b', (n) => 'a'.repeat(n)],
    ['\\s+$', (n) => `${' '.repeat(n)}x`],
    ['\\s+?$', (n) => `${' '.repeat(n)}x`],
    ['a(?=.*b)', (n) => 'a'.repeat(n)],
    ['(?:a|ab)+c', (n) => 'ab'.repeat(n / 2)],
    ['(?<=a.*)b', (n) => 'b'.repeat(n)],
    ['(?>(?:ab)+)c', (n) => 'ab'.repeat(n / 2)],
    ['(a?b??)*c', (n) => 'a'.repeat(n)],
  ]
  for (const [source, make] of cases) {
    it(`take time in proportion to the text: ${source}`, () => {
      expect(steps(source, make(40_000))).toBeLessThan(8 * 1.1 * steps(source, make(5000)))
    })
  }

  it('end with an error if back references make them exponential', () => {
    expect(() => new Expression('(a*)*\\1b').matches('a'.repeat(40))).toThrow(/steps for a text/)
  })

  it('are compiled quickly', () => {
    const ranges = Array.from(
      { length: 10_000 },
      (_, i) => `\\x{${(0x4e00 + 2 * i).toString(16)}}-\\x{${(0x4e01 + 2 * i).toString(16)}}`,
    )
    const start = performance.now()
    expect(all(`[${ranges.join('')}]+`, '一二a')).toEqual(['一二'])
    expect(all('(?>a)'.repeat(1000), 'a'.repeat(1000))).toEqual(['a'.repeat(1000)])
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
