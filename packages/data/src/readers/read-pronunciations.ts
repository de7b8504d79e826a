import { HeddleError, show } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { splitLines } from '../formats/parsed.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { ReadExamples } from './read-examples.ts'
import type { TextPair } from './read-text-pairs.ts'

export interface PronunciationsOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Whether vowels keep the digit of their stress: `AH0`. Default: false, `AH`, as published comparisons have it. */
  readonly stress?: boolean
}

/**
 * Reads a pronunciation dictionary: a word in each line, then a tab or spaces, then its phones with spaces between them. As in the
 * CMU dictionary, lines that start with `;;;` and what follows ` #` are comments, `WORD(1)` is a further pronunciation of a word, and
 * words in capitals are made small.
 *
 * A word with several pronunciations is several examples with one source. Copies of an example, which leaving out the stress makes,
 * count once.
 *
 * @throws HeddleError `format` for a line without phones, `data` when there are no words
 * @see http://www.speech.cs.cmu.edu/cgi-bin/cmudict
 */
export async function readPronunciations(
  source: DataSource,
  { where, stress = false }: PronunciationsOptions,
): Promise<ReadExamples<TextPair>> {
  const { files: chosen, notes } = dataFiles(source)
  const { files, notes: splitNotes } = splitOfFiles(chosen)
  const examples = new Map<string, TextPair>()
  for (const { file, split } of files) {
    for (const [i, line] of splitLines(decodeText(await file.bytes(), file.name)).entries()) {
      const text = line.replace(/ #.*$/, '').trim()
      if (text === '' || text.startsWith(';;;')) continue
      const [, written, phones] = /^(\S+)\s+(\S.*)$/.exec(text) ?? []
      if (written === undefined || phones === undefined) {
        throw new HeddleError(
          'format',
          `${file.name}:${i + 1}: expected a word and its phones, got ${show(line)}. Correct the line.`,
        )
      }
      const word = written.replace(/(?<=.)\(\d+\)$/, '').toLowerCase()
      const target = (stress ? phones : phones.replaceAll(/(?<=[A-Z])[0-2](?=\s|$)/g, '')).split(/\s+/).join(' ')
      const example = { source: word, target, ...(split !== undefined && { split }) }
      examples.set(JSON.stringify(example), example)
    }
  }
  if (examples.size === 0) {
    throw new HeddleError('data', `${where}: expected words with phones in ${source.name}, got none. Check the file.`)
  }
  return { examples: [...examples.values()], notes: [...notes, ...splitNotes] }
}
