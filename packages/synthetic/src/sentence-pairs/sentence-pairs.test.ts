import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { sentencePairs } from './sentence-pairs.ts'

it('has as many pairs of each relation, and words alone do not tell it', () => {
  const pairs = sentencePairs(900, new RandomStream(2))
  const counts = new Map<string, number>()
  for (const { label } of pairs) counts.set(label, (counts.get(label) ?? 0) + 1)
  expect([...counts.values()]).toEqual([300, 300, 300])
  const labelsOf = (word: string) => new Set(pairs.filter(({ pair }) => pair.includes(word)).map(({ label }) => label))
  for (const word of ['dog', 'animal', 'sleeping', 'lake']) expect(labelsOf(word).size).toBe(3)
})

it('scores say how much the sentences share', () => {
  const pairs = sentencePairs(400, new RandomStream(2), { targets: 'scores' })
  const scores = pairs.map(({ label }) => Number(label))
  expect(Math.min(...scores)).toBeLessThan(2)
  expect(Math.max(...scores)).toBe(5)
  const words = (text: string) => new Set(text.toLowerCase().match(/\w+/g))
  for (const { text, pair, label } of pairs.filter((each) => each.label === '5.0')) {
    const names = 'dog cat horse lake river sea running walking'.split(' ')
    for (const name of names) expect([label, words(text).has(name)]).toEqual([label, words(pair).has(name)])
  }
})
