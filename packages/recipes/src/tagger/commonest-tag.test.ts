import { expect, it } from 'vitest'
import { commonestTagAccuracy } from './commonest-tag.ts'

const sentence = (text: string) => {
  const pairs = text.split(' ').map((pair) => pair.split('/') as [string, string])
  return { words: pairs.map(([word]) => word), tags: pairs.map(([, tag]) => tag) }
}
const train = [
  sentence('the/DET run/NOUN the/DET'),
  sentence('run/VERB run/VERB fox/NOUN'),
  sentence('cat/NOUN hop/VERB'),
]

it('gives each word its commonest tag', () => {
  expect(commonestTagAccuracy(train, [sentence('the/DET run/NOUN run/VERB')])).toBe(2 / 3)
})

it('gives unknown words the commonest tag of words that occur once', () => {
  // Once: fox, cat (NOUN) and hop (VERB); among all words VERB is as common.
  expect(commonestTagAccuracy(train, [sentence('dog/NOUN')])).toBe(1)
})
