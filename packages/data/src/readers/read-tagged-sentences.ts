import { HeddleError } from '@heddle/core'
import { parseConllu } from '../formats/parse-conllu.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { ReadExamples, RowsOptions, SplitExample } from './read-examples.ts'

/** Words, each with a tag. */
export interface TaggedSentence extends SplitExample {
  readonly words: readonly string[]
  readonly tags: readonly string[]
}

export interface TaggedSentencesOptions extends Partial<RowsOptions> {
  /** Which tags: the universal parts of speech, or the treebank's own. Default: `'upos'`. */
  readonly tags?: 'upos' | 'xpos'
}

/**
 * Reads the sentences of CoNLL-U files with the part of speech of each word.
 *
 * Sentences in which a word has no tag are left out and counted in the notes.
 *
 * @throws HeddleError `format` for malformed files, `data` when there are no tagged sentences
 */
export async function readTaggedSentences(
  source: DataSource,
  { where = 'tagger', tags: layer = 'upos', malformed = 'error' }: TaggedSentencesOptions = {},
): Promise<ReadExamples<TaggedSentence>> {
  const { files: chosen, notes: fileNotes } = dataFiles(source)
  const { files, notes: splitNotes } = splitOfFiles(chosen)
  const examples: TaggedSentence[] = []
  const notes = [...fileNotes, ...splitNotes]
  let untagged = 0
  for (const { file, split } of files) {
    const { rows, skipped } = parseConllu(await file.bytes(), { file: file.name, malformed })
    if (skipped.length > 0) notes.push(`${skipped.length} sentences were left out; the first: ${skipped[0]!.message}`)
    for (const { tokens } of rows) {
      const tags = tokens.map((token) => token[layer])
      if (tags.includes(null)) untagged++
      else {
        const words = tokens.map(({ form }) => form)
        examples.push({ words, tags: tags as string[], ...(split !== undefined && { split }) })
      }
    }
  }
  if (untagged > 0) notes.push(`${untagged} sentences with words without a tag were left out`)
  if (examples.length === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected sentences with ${layer} tags in ${source.name}, got none. Check the files, or choose other tags.`,
    )
  }
  return { examples, notes }
}
