import { HeddleError } from '@heddle/core'
import { parseLines } from '../formats/parse-lines.ts'
import { parseTsv } from '../formats/parse-tsv.ts'
import { baseName } from '../sources/base-name.ts'
import type { DataSource } from '../sources/data-source.ts'
import type { LabelledText } from './labelled-text.ts'
import type { ReadExamples } from './read-examples.ts'

export interface ClassFilesOptions {
  /** The caller's name, for messages. */
  readonly where: string
}

/** Files that accompany data and hold none. */
const NOT_DATA = /^(licen[cs]e|notice|readme|copying|authors)\b/i

/**
 * Reads a folder with a text file for each class: the file's name is the label, each line an example. A single file holds lines of
 * a text, a tab and its label.
 *
 * License, notice and readme files are left out. A text that a class has several times counts once, and the notes say how many
 * were repeated.
 *
 * @throws HeddleError `data` when there are no examples, `format` for malformed lines
 */
export async function readClassFiles(
  { name, files }: DataSource,
  { where }: ClassFilesOptions,
): Promise<ReadExamples<LabelledText>> {
  const data = files.filter((file) => !NOT_DATA.test(baseName(file.name)))
  const found: LabelledText[] = []
  for (const file of data) {
    const bytes = await file.bytes()
    if (data.length === 1) {
      const { rows } = parseTsv(bytes, { file: file.name, columns: ['text', 'label'], nonEmpty: ['text', 'label'] })
      for (const row of rows) found.push(row)
    } else {
      const label = baseName(file.name).replace(/\.\w+$/, '')
      const { rows } = parseLines(bytes, { file: file.name, trim: true })
      for (const text of rows) if (text !== '') found.push({ text, label })
    }
  }
  if (found.length === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected text files with an example in each line in ${name}, got none. Name a folder with a file for each class.`,
    )
  }
  const different = [...new Map(found.map((example) => [`${example.label}\t${example.text}`, example])).values()]
  const repeated = found.length - different.length
  return { examples: different, notes: repeated > 0 ? [`${repeated} repeated texts were left out`] : [] }
}
