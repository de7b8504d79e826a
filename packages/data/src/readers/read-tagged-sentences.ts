import { parseConllu } from '../formats/parse-conllu.ts'
import type { DataSource } from '../sources/data-source.ts'
import type { ReadExamples, SplitExample } from './read-examples.ts'

/** Words, each with a tag. */
export interface TaggedSentence extends SplitExample {
  readonly words: readonly string[]
  readonly tags: readonly string[]
}

export interface TaggedSentencesOptions {
  /** Which tags: the universal parts of speech, or the treebank's own. Default: `'upos'`. */
  readonly tags?: 'upos' | 'xpos'
}

/**
 * Reads the sentences of CoNLL-U files with the part of speech of each word.
 *
 * Sentences in which a word has no tag are left out and counted in the notes.
 *
 * @throws HeddleError `format` for malformed files
 */
export async function readTaggedSentences(
  { files }: DataSource,
  { tags: layer = 'upos' }: TaggedSentencesOptions = {},
): Promise<ReadExamples<TaggedSentence>> {
  const examples: TaggedSentence[] = []
  let untagged = 0
  for (const file of files) {
    for (const { tokens } of parseConllu(await file.bytes(), { file: file.name }).rows) {
      const tags = tokens.map((token) => token[layer])
      if (tags.includes(null)) untagged++
      else examples.push({ words: tokens.map(({ form }) => form), tags: tags as string[] })
    }
  }
  return { examples, notes: untagged > 0 ? [`${untagged} sentences with words without a tag were left out`] : [] }
}
