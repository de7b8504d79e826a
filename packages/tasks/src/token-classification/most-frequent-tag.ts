import { accuracy, spanF1 } from '@heddle/metrics'
import { tagSpans } from '../labeling/span-labels.ts'
import type { Baseline } from '../run/recipe.ts'
import type { TaggedSentence } from './word-reader.ts'

/**
 * Baseline: each word has the tag that it has most often in training, an unknown word the most frequent tag of words that occur
 * there once.
 *
 * @see Charniak 1997, "Statistical techniques for natural language parsing"
 */
export const mostFrequentTag: Baseline<TaggedSentence> = ({ train, heldOut }) => {
  const tagged = mostFrequentTags(train, heldOut)
  const right = heldOut.map(({ tags }) => tags)
  return {
    ...(tagSpans(right.flat()) && { spanF1: spanF1(tagged, right).micro.f1 }),
    accuracy: accuracy(tagged.flat(), right.flat()),
  }
}

/** The most frequent tag of each word, by sentence. */
export function mostFrequentTags(train: readonly TaggedSentence[], test: readonly TaggedSentence[]): string[][] {
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
  return test.map(({ words }) => words.map((word) => best.get(word) ?? unknown))
}

const mostFrequent = (tags: ReadonlyMap<string, number>) =>
  [...tags].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
