import { describe, expect, it } from 'vitest'
import { differences, type Part } from './differences.ts'

const marked = (parts: readonly Part[]) => parts.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('')
const compare = (a: string, b: string) => differences(a, b).map(marked)

describe('differences', () => {
  it.each([
    ['the old man sat', 'the old dog sat', ['the old [man] sat', 'the old [dog] sat']],
    ['a b', 'a x y b', ['a b', 'a [x y ]b']],
    ['곰은 작았다 .', '곰은 컸다 .', ['곰은 [작았다] .', '곰은 [컸다] .']],
    ['color', 'colour', ['color', 'colo[u]r']],
    ['Steppe', 'Desert', ['[Steppe]', '[Desert]']],
    ['', 'new', ['', '[new]']],
    ['one two', 'three four', ['[one two]', '[three four]']],
  ])('of %j and %j', (a, b, expected) => {
    expect(compare(a, b)).toEqual(expected)
  })

  it('never cut within a character of several code points', () => {
    expect(compare('👍🏽xy', '👍xy')).toEqual(['[👍🏽]xy', '[👍]xy'])
  })

  it('of very long texts are all of them', () => {
    const [a, b] = ['a '.repeat(2000), 'b '.repeat(2000)]
    expect(compare(a, b)).toEqual([`[${a}]`, `[${b}]`])
  })
})
