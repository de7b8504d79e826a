import { HeddleError } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { parseConllu } from '../formats/parse-conllu.ts'
import { parseTaggedColumns } from '../formats/parse-tagged-columns.ts'
import type { Parsed } from '../formats/parsed.ts'
import { convertSpanTags, countStrayTags, spanSchemeOf } from '../formats/span-tags.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { ReadExamples, RowsOptions, SplitExample } from './read-examples.ts'

/** Words, each with a tag. */
export interface TaggedSentence extends SplitExample {
  readonly words: readonly string[]
  readonly tags: readonly string[]
  /** The text that the words stand in, where the file has it (default: the words with spaces between them). */
  readonly text?: string
}

export interface TaggedSentencesOptions extends Partial<RowsOptions> {
  /** Kind of tags of CoNLL-U: the universal parts of speech, or the treebank's own. Default: `'upos'`. */
  readonly tags?: 'upos' | 'xpos'
  /** Column of the tags in files of columns, counted from 1. Default: the last. */
  readonly column?: number | undefined
  /** Scheme to which tags of spans are converted. Default: IOB1 becomes IOB2, others stay as they are. */
  readonly scheme?: 'iob2' | 'iobes' | undefined
}

/**
 * Reads sentences with a tag for each word: CoNLL-U files with parts of speech, or files of words and tags in columns, such as those
 * of named entities in IOB1, IOB2 or IOBES.
 *
 * Sentences in which a word of CoNLL-U has no tag are left out and counted in the notes.
 *
 * @throws HeddleError `format` for malformed files, with the line; `data` when there are no tagged sentences
 */
export async function readTaggedSentences(
  source: DataSource,
  options: TaggedSentencesOptions = {},
): Promise<ReadExamples<TaggedSentence>> {
  const { where = 'tagger', tags: layer = 'upos', scheme } = options
  const { files: chosen, notes: fileNotes } = dataFiles(source)
  const { files, notes: splitNotes } = splitOfFiles(chosen)
  const examples: TaggedSentence[] = []
  const notes = [...fileNotes, ...splitNotes]
  let [untagged, left] = [0, 0]
  for (const { file, split } of files) {
    const { rows, skipped } = sentencesOf(file.name, decodeText(await file.bytes(), file.name), options)
    left += skipped.length
    if (skipped.length > 0) notes.push(`${skipped.length} sentences were left out; the first: ${skipped[0]!.message}`)
    for (const { words, tags, text } of rows) {
      if (tags.includes(null)) untagged++
      else {
        examples.push({
          words,
          tags: tags as string[],
          ...(text !== undefined && { text }),
          ...(split !== undefined && { split }),
        })
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
  left += untagged
  return { ...inScheme(examples, scheme, notes), ...(left > 0 && { left }) }
}

interface ReadSentence {
  readonly words: readonly string[]
  /** Null for a word without a tag. */
  readonly tags: readonly (string | null)[]
  readonly text?: string | undefined
}

function sentencesOf(file: string, text: string, options: TaggedSentencesOptions): Parsed<ReadSentence> {
  const { tags: layer = 'upos', column, malformed = 'error' } = options
  if (!isConllu(file, text)) return parseTaggedColumns(text, { file, malformed, column })
  const { rows, skipped } = parseConllu(text, { file, malformed })
  const read = rows.map(({ tokens, text: whole }) => {
    const words = tokens.map(({ form }) => form)
    return { words, tags: tokens.map((token) => token[layer]), text: textAround(words, whole) }
  })
  return { rows: read, skipped }
}

/** By its name, or by a first word with ten fields, of which the first is a number. */
function isConllu(file: string, text: string): boolean {
  return /\.conllu$/i.test(file) || /^(?:#[^\n]*\r?\n|\r?\n)*\d+(?:[-.]\d+)?(?:\t[^\t\n]*){9}(?:\r?\n|$)/.test(text)
}

/** The text of a sentence where all its words stand in it, and more than spaces between them tells nothing new. */
function textAround(words: readonly string[], text: string | null): string | undefined {
  if (text === null || text === words.join(' ')) return undefined
  let at = 0
  for (const word of words) {
    const start = text.indexOf(word, at)
    if (start < 0 || text.slice(at, start).trim() !== '') return undefined
    at = start + word.length
  }
  return text.slice(at).trim() === '' ? text : undefined
}

/** Sentences in the scheme that is asked for, if they tag spans. */
function inScheme(
  examples: readonly TaggedSentence[],
  wanted: 'iob2' | 'iobes' | undefined,
  notes: readonly string[],
): ReadExamples<TaggedSentence> {
  const found = spanSchemeOf(examples.map(({ tags }) => tags))
  if (found === undefined) return { examples, notes }
  const stray = found === 'iob1' ? 0 : examples.reduce((sum, { tags }) => sum + countStrayTags(tags), 0)
  const to = wanted ?? (found === 'iob1' ? 'iob2' : found)
  const all = [
    ...notes,
    `tags of spans in ${found.toUpperCase()}${to === found ? '' : `, read as ${to.toUpperCase()}`}`,
  ]
  if (stray > 0) all.push(`${stray} tags continue no span of their type`)
  if (to === found) return { examples, notes: all }
  return { examples: examples.map((each) => ({ ...each, tags: convertSpanTags(each.tags, to) })), notes: all }
}
