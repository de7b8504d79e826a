import { HeddleError } from '../errors.ts'
import { show } from '../show.ts'
import { duplicateKey } from './duplicate-key.ts'
import { byteLengthOf, type RawTensor } from './raw-tensor.ts'

/** A tensor of a file: its description, and the bytes that it lies at. */
interface TensorEntry extends Pick<RawTensor, 'dtype' | 'shape'> {
  /** Offset of its first byte in the file. */
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  readonly entries: Map<string, TensorEntry>
  /** The `__metadata__` entry: free text by key. */
  readonly metadata: Readonly<Record<string, string>>
}

// The limit of the reference implementation, against headers made to exhaust memory.
const MAX_HEADER_BYTES = 100_000_000

/** Size in bytes of the number that a file starts with. */
export const PREFIX_BYTES = 8

/**
 * Reads and checks the number that a file starts with.
 *
 * @param prefix the first 8 bytes
 * @param fileSize size of the file in bytes
 * @returns the offset of the first byte after the header
 */
export function headerEnd(prefix: Uint8Array, fileSize: number, where: string): number {
  const fail = failing(where)
  if (prefix.byteLength < PREFIX_BYTES) fail(`expected at least 8 bytes, got ${fileSize}.`)
  const headerSize = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength).getBigUint64(0, true)
  if (headerSize > BigInt(MAX_HEADER_BYTES)) {
    fail(`expected a header of at most ${MAX_HEADER_BYTES} bytes, got ${headerSize}.`)
  }
  const end = PREFIX_BYTES + Number(headerSize)
  if (end > fileSize) fail(`expected a header of ${headerSize} bytes, got a file of ${fileSize} bytes.`)
  return end
}

/**
 * Reads the header of a file: JSON, duplicate keys, shapes and byte lengths are checked, and that the tensors cover the data without
 * holes or overlaps.
 *
 * @param json the bytes of the header
 * @param dataStart offset of the data in the file
 * @param fileSize size of the file in bytes
 */
export function readHeader(json: Uint8Array, dataStart: number, fileSize: number, where: string): SafetensorsHeader {
  const fail = failing(where)
  let metadata: Record<string, string> = {}
  const entries = new Map<string, TensorEntry>()
  const ranges: Range[] = []
  const dataSize = fileSize - dataStart
  for (const [name, entry] of Object.entries(parseHeader(json, fail))) {
    if (name === '__metadata__') {
      metadata = readMetadata(entry, fail)
      continue
    }
    const { dtype, shape, begin, end } = readEntry(name, entry, dataSize, fail)
    ranges.push({ name, begin, end })
    entries.set(name, { dtype, shape, begin: dataStart + begin, end: dataStart + end })
  }
  checkCover(ranges, dataSize, fail)
  return { entries, metadata }
}

type Fail = (message: string) => never

const failing =
  (where: string): Fail =>
  (message) => {
    throw new HeddleError('format', `${where}: ${message} The file is damaged or not a safetensors file.`)
  }

interface Range {
  readonly name: string
  readonly begin: number
  readonly end: number
}

function parseHeader(json: Uint8Array, fail: Fail): object {
  let text = ''
  let header: unknown
  try {
    // The format allows no byte order mark: left in place, it is no JSON.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json)
    header = JSON.parse(text)
  } catch (error) {
    fail(`expected a header of UTF-8 JSON, got an error: ${show(error instanceof Error ? error.message : error, 120)}.`)
  }
  if (!isObject(header)) return fail(`expected a header object, got ${show(header)}.`)
  const twice = duplicateKey(text)
  if (twice !== undefined) fail(`expected each key of the header once, got ${show(twice)} twice.`)
  return header
}

function readMetadata(entry: unknown, fail: Fail): Record<string, string> {
  if (!isObject(entry)) return fail(`__metadata__: expected an object of strings, got ${show(entry)}.`)
  const metadata: Record<string, string> = {}
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') fail(`__metadata__: expected a string for ${show(key)}, got ${show(value)}.`)
    Object.defineProperty(metadata, key, { value, enumerable: true })
  }
  return metadata
}

function readEntry(name: string, entry: unknown, dataSize: number, fail: Fail) {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  const at = `tensor ${show(name)}:`
  if (typeof dtype !== 'string' || !/^[A-Z][A-Z0-9_]{0,31}$/.test(dtype)) {
    return fail(`${at} expected a dtype such as F32, got ${show(dtype)}.`)
  }
  if (!isSizes(shape)) return fail(`${at} expected a shape of non-negative integers, got ${show(shape)}.`)
  if (!isSizes(offsets) || offsets.length !== 2) {
    return fail(`${at} expected data_offsets [begin, end], got ${show(offsets)}.`)
  }
  const [begin, end] = offsets as [number, number]
  if (begin > end || end > dataSize) {
    fail(`${at} expected offsets within the ${dataSize} bytes of data, got [${begin}, ${end}].`)
  }
  const expected = byteLengthOf(dtype, shape) ?? end - begin
  if (end - begin !== expected) {
    fail(`${at} expected ${expected} bytes for ${dtype} ${show(shape)}, got ${end - begin}.`)
  }
  return { dtype, shape, begin, end }
}

function checkCover(ranges: Range[], dataSize: number, fail: Fail): void {
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let covered = 0
  for (const { name, begin, end } of ranges) {
    if (begin !== covered) {
      const fault = begin < covered ? 'it overlaps another tensor' : 'there is a hole before it'
      fail(`tensor ${show(name)}: expected its data to start at ${covered}, got ${begin}: ${fault}.`)
    }
    covered = end
  }
  if (covered !== dataSize) fail(`expected ${covered} bytes of data, got ${dataSize}.`)
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
