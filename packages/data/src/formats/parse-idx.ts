import { HeddleError } from '@heddle/core'
import { gunzip, isGzip } from './gunzip.ts'

export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

/** An array of an IDX file. */
export interface IdxArray {
  readonly shape: readonly number[]
  /** Row-major. */
  readonly data: IdxData
}

/**
 * Reads an IDX file (MNIST's format), also one packed by gzip.
 *
 * @param options.file the name for messages
 * @throws HeddleError `format` when the header is not IDX's or the size does not fit it
 * @see http://yann.lecun.com/exdb/mnist/ "The IDX file format"
 */
export async function parseIdx(
  bytes: Uint8Array,
  { file = 'idx' }: { readonly file?: string } = {},
): Promise<IdxArray> {
  const raw = isGzip(bytes) ? await gunzip(bytes, file) : bytes
  const fail = (message: string): never => {
    throw new HeddleError('format', `${file}: ${message} The file is damaged or not an IDX file.`)
  }
  if (raw.length < 4 || raw[0] !== 0 || raw[1] !== 0) {
    fail(`expected the magic number 00 00, got ${hex(raw.subarray(0, 2)) || 'an empty file'}.`)
  }
  const type =
    ELEMENTS[raw[2]!] ?? fail(`expected an element type of 08, 09, 0b, 0c, 0d or 0e, got ${hex(raw.subarray(2, 3))}.`)
  const rank = raw[3]!
  const start = 4 + 4 * rank
  if (raw.length < start) fail(`expected a header of ${start} bytes, got a file of ${raw.length} bytes.`)
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const size = shape.reduce((product, n) => product * n, 1)
  const expected = size * type.bytes
  if (raw.length - start !== expected)
    fail(`expected ${expected} bytes of data for [${shape.join(', ')}], got ${raw.length - start}.`)
  return { shape, data: type.read(view, start, size) }
}

interface ElementType {
  readonly bytes: number
  read(view: DataView, start: number, size: number): IdxData
}

// IDX stores the most significant byte first.
const ELEMENTS: Readonly<Record<number, ElementType>> = {
  8: { bytes: 1, read: (view, start, size) => new Uint8Array(view.buffer, view.byteOffset + start, size).slice() },
  9: { bytes: 1, read: (view, start, size) => new Int8Array(view.buffer, view.byteOffset + start, size).slice() },
  11: { bytes: 2, read: (view, start, size) => new Int16Array(size).map((_, i) => view.getInt16(start + 2 * i)) },
  12: { bytes: 4, read: (view, start, size) => new Int32Array(size).map((_, i) => view.getInt32(start + 4 * i)) },
  13: { bytes: 4, read: (view, start, size) => new Float32Array(size).map((_, i) => view.getFloat32(start + 4 * i)) },
  14: { bytes: 8, read: (view, start, size) => new Float64Array(size).map((_, i) => view.getFloat64(start + 8 * i)) },
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
