import { parseTsv } from '../formats/parse-tsv.ts'
import { type DataSource, onlyFile } from '../sources/data-source.ts'
import type { LabelledText } from './labelled-text.ts'
import type { ReadExamples } from './read-examples.ts'

export interface LabelledTextsOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Column of the texts. */
  readonly text: string
  /** Column of the labels. */
  readonly label: string
  /** Names for labels, such as `{ '0': 'negative', '1': 'positive' }`. Other labels stay as they are. */
  readonly labelNames?: Readonly<Record<string, string>>
}

/**
 * Reads texts and labels from a tab-separated file with a header.
 *
 * Rows without a text or a label are left out and counted in the notes.
 *
 * @throws HeddleError `data` when there is not one file, `format` when a column is missing
 * @see https://github.com/e9t/nsmc for a corpus in this format: `id`, `document` and `label`
 */
export async function readLabelledTexts(
  source: DataSource,
  { where, text, label, labelNames = {} }: LabelledTextsOptions,
): Promise<ReadExamples<LabelledText>> {
  const file = onlyFile(source, where)
  const { rows, skipped } = parseTsv(await file.bytes(), {
    file: file.name,
    header: true,
    columns: [text, label],
    nonEmpty: [text, label],
    onMalformed: 'skip',
  })
  const examples = rows.map((row) => ({ text: row[text]!, label: labelNames[row[label]!] ?? row[label]! }))
  const notes = skipped.length > 0 ? [`${skipped.length} rows left out; the first: ${skipped[0]!.message}`] : []
  return { examples, notes }
}
