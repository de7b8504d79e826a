import { decodeText } from '../formats/decode-text.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { ReadExamples, SplitPart } from './read-examples.ts'

export interface ReadTexts extends ReadExamples<string> {
  /** The part of each text, where the files bring a split of their own. */
  readonly splits?: readonly SplitPart[]
}

/**
 * Reads each file of a source as one text in UTF-8, with LF as line ends.
 *
 * @throws HeddleError `format` for bytes that are not UTF-8
 */
export async function readTexts(source: DataSource): Promise<ReadTexts> {
  const { files: chosen, notes } = dataFiles(source)
  const { files, by, notes: splitNotes } = splitOfFiles(chosen)
  const examples: string[] = []
  for (const { file } of files) {
    const text = decodeText(await file.bytes(), file.name)
    examples.push(text.includes('\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\r', '\n'))
  }
  return {
    examples,
    notes: [...notes, ...splitNotes],
    ...(by !== undefined && { splits: files.map(({ split }) => split!) }),
  }
}
