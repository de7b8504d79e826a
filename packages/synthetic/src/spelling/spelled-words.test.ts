import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { spelledWord } from './spelled-words.ts'

it('gives a spelling one pronunciation', () => {
  const rng = new RandomStream(3)
  const sounds = new Map<string, string>()
  let repeated = 0
  for (let i = 0; i < 20_000; i++) {
    const { source, target } = spelledWord(rng)
    if (sounds.has(source)) repeated++
    expect(sounds.get(source) ?? target, source).toBe(target)
    sounds.set(source, target)
  }
  expect(repeated).toBeGreaterThan(1000)
})

it('spells by context: soft c and g, and a silent e', () => {
  const rng = new RandomStream(1)
  const drawn = Array.from({ length: 30_000 }, () => spelledWord(rng))
  const sounds = new Map(drawn.map(({ source, target }) => [source, target]))
  expect(['cit', 'cat', 'gem', 'gat', 'dane', 'dan', 'phick', 'quee'].map((word) => sounds.get(word))).toEqual([
    'S IH T',
    'K AE T',
    'JH EH M',
    'G AE T',
    'D EY N',
    'D AE N',
    'F IH K',
    'K W IY',
  ])
})
