import { describe, expect, it } from 'vitest'
import { compileRegExp } from './onig-regexp.ts'

const all = (pattern: string, text: string) => [...text.matchAll(compileRegExp(pattern))].map(([match]) => match)

describe('regular expressions in Oniguruma’s syntax', () => {
  it('uses Unicode for its classes', () => {
    expect(all('\\s+', 'a\u0085\u3000b\ufeff')).toEqual(['\u0085\u3000'])
    expect(all('\\w+', '가나_é १!')).toEqual(['가나_é', '१'])
    expect(all('\\d', '१2')).toEqual(['१', '2'])
    expect(all('\\h+', 'xFf0')).toEqual(['Ff0'])
    expect(all('[[:punct:]a]+', 'a.b$')).toEqual(['a.', '$'])
  })

  it('ignores case within a group only', () => {
    expect(all("(?i:'s|'re)x?", "'S 's 'Rex 'reX")).toEqual(["'S", "'s", "'Rex", "'re"])
    expect(all('(?i)ab|C', 'AB c')).toEqual(['AB', 'c'])
  })

  it('matches lines, not the whole text, at ^ and $', () => {
    expect(all('^a$', 'a\nab\na')).toEqual(['a', 'a'])
    expect(all('\\Aa|a\\z', 'a\na')).toEqual(['a', 'a'])
  })

  it('has atomic groups and possessive quantifiers', () => {
    expect(all('a++b|a', 'aab aa')).toEqual(['aab', 'a', 'a'])
    expect(all('a++a', 'aaa')).toEqual([])
    expect(all('(?>a|ab)c', 'abc ac')).toEqual(['ac'])
  })

  it('knows intersections, negated properties and escapes', () => {
    expect(all('[a-z&&[^aeiou]]+', 'weave')).toEqual(['w', 'v'])
    expect(all('\\p{^L}', 'a1')).toEqual(['1'])
    expect(all('\\x{AC00}|\\x41', '가A')).toEqual(['가', 'A'])
    expect(all('[\\r\\n\\-/]', '\n-/')).toEqual(['\n', '-', '/'])
  })

  it('splits as the pattern of later GPT models does', () => {
    const pattern =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
    expect(all(pattern, "He'LL pay 12345\n\n $5")).toEqual(['He', "'LL", ' pay', ' ', '123', '45', '\n\n', ' $', '5'])
  })

  it('names what is malformed or not available', () => {
    for (const pattern of ['(', 'a)', '[a', '*a', '(?x:a)', '\\G', 'a\\', '(?<=a)(?{1})', '[[:nope:]]', '\\p{Nope}']) {
      expect(() => compileRegExp(pattern), pattern).toThrow(/regular expression/)
    }
  })
})
