import { dataFiles } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import { readFilesOfClasses } from './files-of-classes.ts'
import type { LabeledText } from './labeled-text.ts'
import type { ReadExamples } from './read-examples.ts'
import { type LabeledTextsOptions, readLabeledTexts } from './read-labeled-texts.ts'

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
      : await readFilesOfClasses({ name: source.name, files }, options)
  const keyOf = ({ text, label, split }: LabeledText) => `${split}\t${label}\t${text}`
  const examples = [...new Map(read.examples.map((example) => [keyOf(example), example])).values()]
  const repeated = read.examples.length - examples.length
  const repeatedNote = repeated > 0 ? [`${repeated} repeated texts were left out`] : []
  return { ...read, examples, notes: [...notes, ...read.notes, ...repeatedNote] }
}
