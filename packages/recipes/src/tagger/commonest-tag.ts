import type { TaggedSentence } from '@heddle/data'

/**
 * The accuracy of giving each word the tag that it most often has in training, and each unknown word the commonest tag of words
 * that occur there once.
 *
 * @see Charniak 1997, "Statistical techniques for natural language parsing", for this baseline
 */
export function commonestTagAccuracy(train: readonly TaggedSentence[], test: readonly TaggedSentence[]): number {
  const counts = new Map<string, Map<string, number>>()
  for (const { words, tags } of train) {
    for (const [i, word] of words.entries()) {
      const ofWord = counts.get(word) ?? new Map<string, number>()
      counts.set(word, ofWord.set(tags[i]!, (ofWord.get(tags[i]!) ?? 0) + 1))
    }
  }
  const commonest = (tags: ReadonlyMap<string, number>) =>
    [...tags].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
  const all = new Map<string, number>()
  const ofSeldom = new Map<string, number>()
  for (const tags of counts.values()) {
    const isSeldom = [...tags.values()].reduce((sum, count) => sum + count, 0) === 1
    for (const [tag, count] of tags) {
      all.set(tag, (all.get(tag) ?? 0) + count)
      if (isSeldom) ofSeldom.set(tag, (ofSeldom.get(tag) ?? 0) + 1)
    }
  }
  const unknown = commonest(ofSeldom.size > 0 ? ofSeldom : all)
  const best = new Map([...counts].map(([word, tags]) => [word, commonest(tags)]))
  let right = 0
  let total = 0
  for (const { words, tags } of test) {
    total += words.length
    for (const [i, word] of words.entries()) if ((best.get(word) ?? unknown) === tags[i]) right++
  }
  return right / total
}
