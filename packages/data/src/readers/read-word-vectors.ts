import { HeddleError, show } from '@heddle/core'
import { type DataFile, fileSize, readPiece } from '../sources/data-source.ts'

// D size of a vector

/** Word vectors of a file, for the words that were asked for. */
export interface WordVectors {
  /** D. */
  readonly size: number
  /** The vector of each word that the file has, each [D]. */
  readonly vectors: ReadonlyMap<string, Float32Array>
  /** Number of words in the file. */
  readonly numWords: number
}

/** Bytes that are read at once. */
const PIECE = 2 ** 22

/**
 * Reads pre-trained word vectors piece by piece and keeps those of the wanted words: text as fastText (`.vec`, with a line of counts
 * first) and GloVe write it, or word2vec's binary format (`.bin`). Where a word occurs twice, its first vector counts.
 *
 * @throws HeddleError `format` for a malformed file; the message names the line or the word
 * @see Mikolov et al. 2013, "Distributed representations of words and phrases and their compositionality"; Pennington et al. 2014,
 *   "GloVe: Global vectors for word representation"
 */
export async function readWordVectors(
  file: DataFile,
  wanted: { has(word: string): boolean },
  options: { readonly piece?: number } = {},
): Promise<WordVectors> {
  const { piece = PIECE } = options
  const vectors = new Map<string, Float32Array>()
  let numWords = 0
  let size = 0
  const rows = /\.bin$/i.test(file.name) ? binaryRows(file, piece, wanted) : textRows(file, piece, wanted)
  for await (const { word, vector, size: D } of rows) {
    numWords++
    size = D
    if (vector !== undefined && !vectors.has(word)) vectors.set(word, vector)
  }
  if (numWords === 0) {
    throw new HeddleError('format', `${file.name}: expected word vectors, got an empty file. Check the file.`)
  }
  return { size, vectors, numWords }
}

interface VectorRow {
  readonly word: string
  /** Undefined where the word is not wanted. */
  readonly vector: Float32Array | undefined
  readonly size: number
}

const COUNTS = /^\d+ \d+\s*$/

async function* textRows(
  file: DataFile,
  piece: number,
  wanted: { has(word: string): boolean },
): AsyncGenerator<VectorRow> {
  let size: number | undefined
  let line = 0
  for await (const text of linesOf(file, piece)) {
    line++
    if (text === '' || (line === 1 && COUNTS.test(text))) {
      if (line === 1) size = Number(text.trim().split(' ')[1])
      continue
    }
    const fields = text.trimEnd().split(/[ \t]/)
    size ??= fields.length - 1
    const at = fields.length - size
    if (size < 1 || at < 1) {
      throw new HeddleError(
        'format',
        `${file.name}:${line}: expected a word and ${size} numbers, got ${show(text)}. Correct the line.`,
      )
    }
    // Words of GloVe may hold spaces.
    const word = fields.slice(0, at).join(' ')
    if (!wanted.has(word)) {
      yield { word, vector: undefined, size }
      continue
    }
    const vector = Float32Array.from(fields.slice(at), Number)
    if (vector.some((value) => !Number.isFinite(value))) {
      throw new HeddleError(
        'format',
        `${file.name}:${line}: expected ${size} numbers after ${show(word)}, got ${show(fields.slice(at).join(' '))}. Correct the line.`,
      )
    }
    yield { word, vector, size }
  }
}

async function* linesOf(file: DataFile, piece: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  const length = await fileSize(file)
  let open = ''
  for (let at = 0; at < length; at += piece) {
    const bytes = await readPiece(file, at, Math.min(at + piece, length))
    const lines = (open + decoder.decode(bytes, { stream: true })).split('\n')
    open = lines.pop()!
    yield* lines
  }
  if (open !== '') yield open
}

async function* binaryRows(
  file: DataFile,
  piece: number,
  wanted: { has(word: string): boolean },
): AsyncGenerator<VectorRow> {
  const length = await fileSize(file)
  const decoder = new TextDecoder('utf-8')
  let bytes = new Uint8Array(0)
  let start = 0
  let read = 0
  /** Reads on until a byte is found, or as many bytes as are asked for are there; returns the end of the part, or -1. */
  const reach = async (found: () => number): Promise<number> => {
    for (let end = found(); ; end = found()) {
      if (end !== -1 || read >= length) return end
      const next = await readPiece(file, read, Math.min(read + piece, length))
      read += next.length
      const joined = new Uint8Array(bytes.length - start + next.length)
      joined.set(bytes.subarray(start))
      joined.set(next, bytes.length - start)
      bytes = joined
      start = 0
    }
  }
  const indexOf = (byte: number) => () => bytes.indexOf(byte, start)
  const malformed = (expected: string) =>
    new HeddleError('format', `${file.name}: expected ${expected}, got the end of the file. Check the file.`)

  const header = await reach(indexOf(0x0a))
  const counts = header === -1 ? '' : decoder.decode(bytes.subarray(start, header))
  if (!COUNTS.test(counts)) {
    throw new HeddleError(
      'format',
      `${file.name}: expected the number of words and the size of a vector in the first line, got ${show(counts)}. Check the file.`,
    )
  }
  const [count, size] = counts.trim().split(' ').map(Number) as [number, number]
  start = header + 1
  for (let i = 0; i < count; i++) {
    const end = await reach(indexOf(0x20))
    if (end === -1) throw malformed(`${count} words, after word ${i}`)
    const word = decoder.decode(bytes.subarray(start, end)).replace(/^\n/, '')
    start = end + 1
    const last = await reach(() => (bytes.length - start >= 4 * size ? start + 4 * size : -1))
    if (last === -1) throw malformed(`${size} numbers of ${show(word)}`)
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, 4 * size)
    const vector = wanted.has(word)
      ? Float32Array.from({ length: size }, (_, d) => view.getFloat32(4 * d, true))
      : undefined
    start = last
    yield { word, vector, size }
  }
}
