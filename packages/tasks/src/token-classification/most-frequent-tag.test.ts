import { expect, it } from 'vitest'
import { mostFrequentTags } from './most-frequent-tag.ts'

const sentence = (text: string) => {
  const pairs = text.split(' ').map((pair) => pair.split('/') as [string, string])
  return { words: pairs.map(([word]) => word), tags: pairs.map(([, tag]) => tag) }
}
const train = [
  sentence('the/DET run/NOUN the/DET'),
  sentence('run/VERB run/VERB fox/NOUN'),
  sentence('cat/NOUN hop/VERB'),
]

it('gives each word its most frequent tag', () => {
  expect(mostFrequentTags(train, [sentence('the/DET run/NOUN run/VERB')])).toEqual([['DET', 'VERB', 'VERB']])
})

it('gives unknown words the most frequent tag of words that occur once', () => {
  // Once: fox, cat (NOUN) and hop (VERB); among all words VERB is as frequent.
  expect(mostFrequentTags(train, [sentence('dog/NOUN')])).toEqual([['NOUN']])
})
