import { mapInTurns } from '@heddle/core'
import type { Baseline } from '../run/recipe.ts'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'
import type { Abortable } from '../task/pipeline.ts'
import type { TextToTextPipeline } from './text-to-text.ts'

/** Baseline: the target of the training example with the most similar source, as a search engine would answer. */
export const nearestText: Baseline<SourceTargetPair<string>, TextToTextPipeline> = async ({
  train,
  heldOut,
  pipeline,
  signal,
}) => {
  const sources = heldOut.map(({ source }) => source)
  return pipeline.score(await nearestTargets(train, sources, { signal }), heldOut)
}

/** Counts of the words of a text, and of the pairs of characters within them, so that other forms of a word are similar. */
function features(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}\s]/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
    for (let i = 0; i + 2 <= word.length && word.length > 2; i++) {
      const pair = `\0${word.slice(i, i + 2)}`
      counts.set(pair, (counts.get(pair) ?? 0) + 0.5)
    }
  }
  return counts
}

/**
 * For each text the target of the training example with the most similar source, by the cosine of tf-idf vectors of words and
 * pairs of characters.
 *
 * @see Manning, Raghavan & Schütze 2008, "Introduction to Information Retrieval", section 6.3
 */
export async function nearestTargets(
  train: readonly SourceTargetPair<string>[],
  texts: readonly string[],
  { signal }: Abortable = {},
): Promise<string[]> {
  const postings = new Map<string, { ids: number[]; weights: number[] }>()
  const documents = await mapInTurns(train, ({ source }) => features(source), signal)
  for (const [id, counts] of documents.entries()) {
    for (const [feature, count] of counts) {
      const posting = postings.get(feature) ?? { ids: [], weights: [] }
      postings.set(feature, posting)
      posting.ids.push(id)
      posting.weights.push(1 + Math.log(1 + count))
    }
  }
  const idf = (posting: { ids: number[] }) => Math.log(train.length / posting.ids.length) + 1e-3
  const norms = new Float64Array(train.length)
  for (const posting of postings.values()) {
    const rarity = idf(posting)
    for (const [i, id] of posting.ids.entries()) norms[id]! += (posting.weights[i]! * rarity) ** 2
  }
  const nearest = (text: string) => {
    const scores = new Float64Array(train.length)
    for (const [feature, count] of features(text)) {
      const posting = postings.get(feature)
      if (posting === undefined) continue
      const weight = (1 + Math.log(1 + count)) * idf(posting) ** 2
      for (const [i, id] of posting.ids.entries()) scores[id]! += weight * posting.weights[i]!
    }
    let best = 0
    for (let id = 0; id < scores.length; id++) {
      if (scores[id]! / Math.sqrt(norms[id]! || 1) > scores[best]! / Math.sqrt(norms[best]! || 1)) best = id
    }
    return train[best]!.target
  }
  return mapInTurns(texts, nearest, signal)
}
