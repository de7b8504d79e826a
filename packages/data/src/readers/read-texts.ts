import { decodeText } from '../formats/decode-text.ts'
import { dataFiles } from '../sources/data-files.ts'
import { type DataSource, fileSize } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { ReadExamples, SplitPart } from './read-examples.ts'
import { type TextPart, textParts, withLineFeeds } from './text-part.ts'

export interface ReadTexts extends ReadExamples<string | TextPart> {
  /** The part of each text, where the files bring a split of their own. */
  readonly splits?: readonly SplitPart[]
}

export interface ReadTextsOptions {
  /** Bytes above which the files are left on the disk and read in parts (default 64 MiB). */
  readonly large?: number
}

const LARGE = 2 ** 26
/** Largest and smallest part of a large text, and the number of parts between them. */
const PART = { largest: 2 ** 20, smallest: 2 ** 14, number: 1024 }
/** Share of `large` that is read as a text: what is held out of large files. */
const HELD = 1 / 16

/**
 * Reads each file of a source as one text in UTF-8, with LF as line ends. Files of more than 64 MiB together become parts, which are
 * read when they are needed, and a text of the last 4 MiB, of which parts can be held out.
 *
 * @throws HeddleError `format` for bytes that are not UTF-8
 */
export async function readTexts(source: DataSource, { large = LARGE }: ReadTextsOptions = {}): Promise<ReadTexts> {
  const { files: chosen, notes: ofFiles } = dataFiles(source)
  const { files, by, notes: ofSplit } = splitOfFiles(chosen)
  const notes = [...ofFiles, ...ofSplit]
  const examples: (string | TextPart)[] = []
  const splits: SplitPart[] = []
  const sizes = await Promise.all(files.map(({ file }) => fileSize(file)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const partSize = Math.min(PART.largest, Math.max(PART.smallest, Math.ceil(total / PART.number)))
  const lastOfTraining = files.findLastIndex(({ split = 'train' }) => split === 'train')
  for (const [i, { file, split = 'train' }] of files.entries()) {
    const texts: (string | TextPart)[] = []
    if (total <= large || (split !== 'train' && sizes[i]! <= large)) {
      texts.push(withLineFeeds(decodeText(await file.bytes(), file.name)))
    } else {
      const parts = await textParts(file, partSize)
      const numHeld = Math.max(1, Math.floor((large * HELD) / partSize))
      if (split !== 'train') {
        notes.push(`${file.name}: of ${megabytes(sizes[i]!)} only the start is read`)
        texts.push(await textOf(parts.slice(0, numHeld)))
      } else if (i === lastOfTraining) {
        notes.push(`${megabytes(total)} of text are read in parts from the disk`)
        texts.push(...parts.slice(0, -numHeld), await textOf(parts.slice(-numHeld)))
      } else texts.push(...parts)
    }
    examples.push(...texts)
    splits.push(...texts.map(() => split))
  }
  return { examples, notes, ...(by !== undefined && { splits }) }
}

async function textOf(parts: readonly TextPart[]): Promise<string> {
  const texts: string[] = []
  for (const part of parts) texts.push(await part.text())
  return texts.join('')
}

const megabytes = (size: number) => `${(size / 1e6).toFixed(1)} MB`
