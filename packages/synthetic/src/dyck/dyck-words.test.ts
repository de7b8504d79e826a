import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { dyckWords, nextBrackets } from './dyck-words.ts'

describe('dyckWords', () => {
  it('closes what it opens, within the depth and the lengths asked for', () => {
    const sentences = dyckWords(300, new RandomStream(1), { kinds: 2, depth: 3, shortest: 3, longest: 12 })
    expect(new Set(sentences.map(({ words }) => words.length))).toEqual(new Set([4, 6, 8, 10, 12]))
    let deepest = 0
    for (const { words } of sentences) {
      let rest = words.join('')
      for (let before = ''; before !== rest; ) {
        before = rest
        rest = rest.replaceAll(/\(\)|\[\]/g, '')
      }
      expect(rest).toBe('')
      let open = 0
      for (const word of words) {
        open += '(['.includes(word) ? 1 : -1
        deepest = Math.max(deepest, open)
      }
    }
    expect(deepest).toBe(3)
    expect(new Set(sentences.map(({ words }) => words.join(''))).size).toBe(300)
  })

  it('tags each bracket with those that may follow', () => {
    expect(nextBrackets([...'([])'], { kinds: 2, depth: 2 })).toEqual({
      words: ['(', '[', ']', ')'],
      tags: ['([)', ']', '([)', '(['],
    })
    for (const { words, tags } of dyckWords(100, new RandomStream(2))) {
      for (let i = 1; i < words.length; i++) expect(tags[i - 1]).toContain(words[i])
    }
  })

  it('says which bracket is wrong, and which are left open', () => {
    const language = { kinds: 2, depth: 2 }
    expect(() => nextBrackets([...'([)'], language, 'a.txt:3')).toThrow(
      'a.txt:3: expected one of ] as bracket 3, got ")". Correct it',
    )
    expect(() => nextBrackets([...'{}'], language)).toThrow('brackets: expected one of ([ as bracket 1, got "{"')
    expect(() => nextBrackets([...'(['], language)).toThrow('brackets: expected ]) to follow, got the end')
    expect(() => nextBrackets([], { kinds: 5 })).toThrow('expected at most 4 kinds of brackets, got 5')
  })
})
