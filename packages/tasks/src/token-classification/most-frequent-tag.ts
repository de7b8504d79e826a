import type { Baseline } from '../run/recipe.ts'
import type { TaggedSentence } from './word-reader.ts'

/**
 * Baseline: each word has the tag that it has most often in training, an unknown word the most frequent tag of words that occur
 * there once.
 *
 * @see Charniak 1997, "Statistical techniques for natural language parsing"
 */
export const mostFrequentTag: Baseline<TaggedSentence> = ({ train, heldOut }) => ({
  accuracy: mostFrequentTagAccuracy(train, heldOut),
})

export function mostFrequentTagAccuracy(train: readonly TaggedSentence[], test: readonly TaggedSentence[]): number {
  const counts = new Map<string, Map<string, number>>()
  for (const { words, tags } of train) {
    for (const [i, word] of words.entries()) {
      const ofWord = counts.get(word) ?? new Map<string, number>()
      counts.set(word, ofWord.set(tags[i]!, (ofWord.get(tags[i]!) ?? 0) + 1))
    }
  }
  const all = new Map<string, number>()
  const ofRare = new Map<string, number>()
  for (const tags of counts.values()) {
    const isRare = [...tags.values()].reduce((sum, count) => sum + count, 0) === 1
    for (const [tag, count] of tags) {
      all.set(tag, (all.get(tag) ?? 0) + count)
      if (isRare) ofRare.set(tag, (ofRare.get(tag) ?? 0) + 1)
    }
  }
  const unknown = mostFrequent(ofRare.size > 0 ? ofRare : all)
  const best = new Map([...counts].map(([word, tags]) => [word, mostFrequent(tags)]))
  let right = 0
  let total = 0
  for (const { words, tags } of test) {
    total += words.length
    for (const [i, word] of words.entries()) if ((best.get(word) ?? unknown) === tags[i]) right++
  }
  return right / total
}

const mostFrequent = (tags: ReadonlyMap<string, number>) =>
  [...tags].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
