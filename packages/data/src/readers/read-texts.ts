import { decodeText } from '../formats/decode-text.ts'
import type { DataSource } from '../sources/data-source.ts'
import type { ReadExamples } from './read-examples.ts'

/**
 * Reads each file of a source as one text in UTF-8, with LF as line ends.
 *
 * @throws HeddleError `format` for bytes that are not UTF-8
 */
export async function readTexts({ files }: DataSource): Promise<ReadExamples<string>> {
  const examples: string[] = []
  for (const file of files) examples.push(decodeText(await file.bytes(), file.name).replaceAll('\r\n', '\n'))
  return { examples, notes: [] }
}
