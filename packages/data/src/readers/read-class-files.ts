import { HeddleError } from '@heddle/core'
import { parseLines } from '../formats/parse-lines.ts'
import { baseName } from '../sources/base-name.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { LabeledText } from './labeled-text.ts'
import type { ReadExamples } from './read-examples.ts'
import { checkLabels, type LabeledTextsOptions, readLabeledTexts } from './read-labeled-texts.ts'

export interface ClassFilesOptions extends LabeledTextsOptions {}

/**
 * Reads a folder with a text file for each class: the file's name is the label, each line an example. A single file, or files named
 * after the parts of a split, are tables of texts and labels.
 *
 * A text that a class has several times in a part counts once, and the notes say how many were repeated.
 *
 * @throws HeddleError `data` when there are no examples, or the columns of a table cannot be told
 * @see readLabeledTexts
 */
export async function readClassFiles(
  source: DataSource,
  options: ClassFilesOptions,
): Promise<ReadExamples<LabeledText>> {
  const { files, notes } = dataFiles(source)
  const { by } = splitOfFiles(files)
  const read =
    files.length === 1 || by === 'name'
      ? await readLabeledTexts({ name: source.name, files }, options)
      : await readFolder({ name: source.name, files }, options)
  const keyOf = ({ text, label, split }: LabeledText) => `${split}\t${label}\t${text}`
  const examples = [...new Map(read.examples.map((example) => [keyOf(example), example])).values()]
  const repeated = read.examples.length - examples.length
  const repeatedNote = repeated > 0 ? [`${repeated} repeated texts were left out`] : []
  return { examples, notes: [...notes, ...read.notes, ...repeatedNote] }
}

async function readFolder(source: DataSource, { where, label }: ClassFilesOptions): Promise<ReadExamples<LabeledText>> {
  const { files, notes } = splitOfFiles(source.files)
  const examples: LabeledText[] = []
  const labels = new Set<string>()
  for (const { file, split } of files) {
    const name = baseName(file.name).replace(/\.\w+$/, '')
    const { rows } = parseLines(await file.bytes(), { file: file.name, trim: true })
    for (const text of rows) {
      if (text === '') continue
      labels.add(name)
      examples.push({ text, label: name, ...(split !== undefined && { split }) })
    }
  }
  if (examples.length === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected text files with an example in each line in ${source.name}, got none. Name a folder with a file for each class.`,
    )
  }
  const expected = `${where}: expected a file for each class with many lines in ${source.name}`
  checkLabels(labels.size, examples.length, label !== undefined, expected)
  return { examples, notes }
}
