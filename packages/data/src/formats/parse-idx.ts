import { HeddleError } from '@heddle/core'
import { gunzip, gunzipLimit, gunzipStart, isGzip } from './gunzip.ts'

export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

/** An array of an IDX file. */
export interface IdxArray {
  readonly shape: readonly number[]
  /** Row-major. */
  readonly data: IdxData
}

/**
 * Reads an IDX file, the format of MNIST, packed with gzip or not.
 *
 * @param options.file the name for messages
 * @throws HeddleError `format` when the header is not IDX's or the size does not fit it
 * @see http://yann.lecun.com/exdb/mnist/ "The IDX file format"
 */
export async function parseIdx(
  bytes: Uint8Array,
  { file = 'idx' }: { readonly file?: string } = {},
): Promise<IdxArray> {
  const fail = (message: string): never => {
    throw new HeddleError('format', `${file}: ${message} The file is damaged or not an IDX file.`)
  }
  if (!isGzip(bytes)) return read(bytes, readHeader(bytes, fail), fail)
  const header = readHeader(gunzipStart(bytes, MAX_HEADER_BYTES, file), fail)
  const size = header.start + header.byteLength
  // One byte more tells a file that holds too much; what is far beyond the header's claim is never unpacked.
  const raw = await gunzip(bytes, { file, maxBytes: Math.min(size + 1, gunzipLimit(bytes.length)) })
  return read(raw, header, fail)
}

const MAX_HEADER_BYTES = 4 + 4 * 255

interface Header {
  readonly type: ElementType
  readonly shape: readonly number[]
  /** The offset of the data. */
  readonly start: number
  readonly byteLength: number
}

function readHeader(bytes: Uint8Array, fail: (message: string) => never): Header {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    fail(`expected the magic number 00 00, got ${hex(bytes.subarray(0, 2)) || 'an empty file'}.`)
  }
  const type =
    ELEMENTS[bytes[2]!] ??
    fail(`expected an element type of 08, 09, 0b, 0c, 0d or 0e, got ${hex(bytes.subarray(2, 3))}.`)
  const rank = bytes[3]!
  const start = 4 + 4 * rank
  if (bytes.length < start) fail(`expected a header of ${start} bytes, got a file of ${bytes.length} bytes.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  return { type, shape, start, byteLength: shape.reduce((product, n) => product * n, 1) * type.bytes }
}

function read(
  bytes: Uint8Array,
  { type, shape, start, byteLength }: Header,
  fail: (message: string) => never,
): IdxArray {
  if (bytes.length - start !== byteLength) {
    const sizes = shape.length > 8 ? `${shape.length} axes` : `[${shape.join(', ')}]`
    fail(`expected ${byteLength} bytes of data for ${sizes}, got ${bytes.length - start}.`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { shape, data: type.read(view, start, byteLength / type.bytes) }
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
