import { HeddleError } from '@heddle/core'
import { parseLines } from '../formats/parse-lines.ts'
import { baseName } from '../sources/base-name.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import { checkLabels } from './check-labels.ts'
import type { LabeledText } from './labeled-text.ts'
import type { ReadExamples } from './read-examples.ts'

interface FilesOfClassesOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Present where the user named a column of labels. */
  readonly label?: unknown
  /** Names for labels. */
  readonly labelNames?: Readonly<Record<string, string>>
}

/** Texts of files, of which each has a class: its name is the label, and each line an example. */
export async function readFilesOfClasses(
  source: DataSource,
  { where, label, labelNames = {} }: FilesOfClassesOptions,
): Promise<ReadExamples<LabeledText>> {
  const { files, notes } = splitOfFiles(source.files)
  const examples: LabeledText[] = []
  const labels = new Set<string>()
  for (const { file, split } of files) {
    const name = baseName(file.name)
      .replace(/\.\w+$/, '')
      .normalize('NFC')
    const { rows } = parseLines(await file.bytes(), { file: file.name, trim: true })
    for (const text of rows) {
      if (text === '') continue
      labels.add(name)
      examples.push({
        text,
        label: Object.hasOwn(labelNames, name) ? labelNames[name]! : name,
        ...(split !== undefined && { split }),
      })
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
