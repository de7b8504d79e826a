import type { Pipeline } from '../task/pipeline.ts'
import type { TaggedWord } from './token-classification.ts'
import type { TaggedSentence } from './word-reader.ts'

/** Whether every word of a sentence has its right tag. */
export async function exactTags(
  pipeline: Pipeline<TaggedSentence, readonly string[], TaggedWord[]>,
  sentences: readonly TaggedSentence[],
): Promise<readonly boolean[]> {
  const tagged = await pipeline.predict(sentences.map(({ words }) => words))
  return tagged.map((words, i) => words.every(({ label }, t) => label === sentences[i]!.tags[t]))
}
