import { decodeText } from '../formats/decode-text.ts'
import { type DataFile, fileSize, readPiece } from '../sources/data-source.ts'

/** A piece of a text file, read when it is needed, so that a text may be larger than memory. */
export interface TextPart {
  readonly name: string
  /** Number of bytes. */
  readonly size: number
  /** @throws HeddleError `format` for bytes that are not UTF-8 */
  text(): Promise<string>
}

/** Bytes in which a border is looked for. */
const WINDOW = 2 ** 16
const LF = 0x0a

/**
 * Cuts a text file in UTF-8 into parts of about `size` bytes after line ends, or between two characters where a line goes on for 64 KiB. The
 * parts follow each other in the file, and every byte belongs to one.
 *
 * @param from the first byte of the first part
 */
export async function textParts(file: DataFile, size: number, from = 0): Promise<TextPart[]> {
  const total = await fileSize(file)
  const parts: TextPart[] = []
  for (let start = from; start < total; ) {
    const end = start + size >= total ? total : await borderAfter(file, start + size, total)
    parts.push(partOf(file, start, end))
    start = end
  }
  return parts
}

/** The text with LF as line ends. */
export const withLineFeeds = (text: string): string =>
  text.includes('\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\r', '\n')

function partOf(file: DataFile, start: number, end: number): TextPart {
  const name = start === 0 ? file.name : `${file.name} from byte ${start}`
  return {
    name,
    size: end - start,
    text: async () => withLineFeeds(decodeText(await readPiece(file, start, end), name)),
  }
}

/** The first border at or after `at`. */
async function borderAfter(file: DataFile, at: number, total: number): Promise<number> {
  const bytes = await readPiece(file, at - 1, at + WINDOW)
  const line = bytes.indexOf(LF)
  if (line !== -1) return at + line
  // The rest is the last line.
  if (at + WINDOW >= total) return total
  let next = 1
  while (next < bytes.length && (bytes[next]! & 0xc0) === 0x80) next++
  return at - 1 + next
}
