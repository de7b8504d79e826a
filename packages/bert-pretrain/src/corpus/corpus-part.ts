import { type DataFile, decodeText, fileSize, readPiece } from '@heddle/data'
import { type Document, type DocumentSettings, splitDocuments } from './documents.ts'

/** Some of the documents of a corpus, read when they are needed, so that a corpus may be larger than memory. */
export interface CorpusPart {
  readonly name: string
  /** Number of bytes. */
  readonly size: number
  documents(): Promise<readonly Document[]>
}

/** Largest and smallest size of a part: the former limits memory, the latter the number of parts. */
const LARGEST = 2 ** 20
const SMALLEST = 2 ** 14
/** Parts that a corpus is cut into, and a very small one, so that some can be held out. */
const PARTS = 100
const FEWEST_PARTS = 10
/** Bytes in which a border is looked for. */
const WINDOW = 2 ** 16

/** Size of a part of a corpus of `total` bytes, of which there are at least `fewest`. */
export const partSize = (total: number, fewest = FEWEST_PARTS): number =>
  Math.min(LARGEST, Math.max(Math.min(SMALLEST, Math.ceil(total / fewest)), Math.ceil(total / PARTS)))

/**
 * Cuts a text file in UTF-8 into parts of about `size` bytes between documents, or between lines where a document is longer than a
 * part. Every document belongs to one part.
 *
 * @throws HeddleError `format` when a part that is read is not UTF-8
 */
export async function partsOfFile(file: DataFile, settings: DocumentSettings, size: number): Promise<CorpusPart[]> {
  const total = await fileSize(file)
  const parts: CorpusPart[] = []
  let start = 0
  while (start < total) {
    const end = start + size >= total ? total : await borderAfter(file, start + size, total, settings)
    parts.push(partOf(file, start, end, settings))
    start = end
  }
  return parts
}

/** Cuts documents in memory into parts of about `size` bytes. */
export function partsOfDocuments(documents: readonly Document[], name: string, size: number): CorpusPart[] {
  const encoder = new TextEncoder()
  const parts: CorpusPart[] = []
  let [start, bytes] = [0, 0]
  for (const [i, sentences] of documents.entries()) {
    for (const sentence of sentences) bytes += encoder.encode(sentence).length + 1
    if (bytes < size && i + 1 < documents.length) continue
    const some = documents.slice(start, i + 1)
    parts.push({ name: `${name} from document ${start + 1}`, size: bytes, documents: async () => some })
    ;[start, bytes] = [i + 1, 0]
  }
  return parts
}

function partOf(file: DataFile, start: number, end: number, settings: DocumentSettings): CorpusPart {
  const name = start === 0 ? file.name : `${file.name} from byte ${start}`
  return {
    name,
    size: end - start,
    documents: async () => splitDocuments(decodeText(await readPiece(file, start, end), name), settings),
  }
}

/** Whether a file has empty lines at its start: they stand between its documents. */
export async function hasBlankLines(file: DataFile): Promise<boolean> {
  return blankLineEnd(await readPiece(file, 0, WINDOW), 0) !== -1
}

/** The first border at or after `at`: after an empty line, after a line, or between two characters. */
async function borderAfter(file: DataFile, at: number, total: number, { documents }: DocumentSettings) {
  const from = at - 1
  const bytes = await readPiece(file, from, from + WINDOW)
  const line = bytes.indexOf(LF)
  const blank = documents === 'blank-lines' ? blankLineEnd(bytes, 0) : -1
  if (blank !== -1) return from + blank
  // The rest is the last document.
  if (documents === 'blank-lines' && from + bytes.length === total) return total
  if (line !== -1) return from + line + 1
  let next = 1
  while (next < bytes.length && isContinuation(bytes[next]!)) next++
  return Math.min(total, from + next)
}

const LF = 0x0a
const isContinuation = (byte: number) => (byte & 0xc0) === 0x80

/** The place after the first empty line at or after `at`, or -1. */
function blankLineEnd(bytes: Uint8Array, at: number): number {
  for (let line = bytes.indexOf(LF, at); line !== -1; line = bytes.indexOf(LF, line + 1)) {
    let next = line + 1
    while (bytes[next] === 0x20 || bytes[next] === 0x09 || bytes[next] === 0x0d) next++
    if (bytes[next] === LF) return next + 1
  }
  return -1
}
