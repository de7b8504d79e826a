import { crc32, HeddleError, isHeddleError } from '@heddle/core'
import { Gunzip } from 'fflate'
import { joined, steps } from './inflate.ts'

export interface GunzipOptions {
  /** The file's name, for messages. Default: `'bytes'`. */
  readonly file?: string
  /** Most bytes that may come out. Default: 64 MiB, or 64 times the packed size if that is more. */
  readonly maxBytes?: number
}

/** Returns whether bytes start like a gzip member. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Returns the most bytes that packed bytes may unpack to, unless the caller sets another limit. */
export const gunzipLimit = (packed: number) => Math.max(2 ** 26, 64 * packed)

/**
 * Unpacks gzip: all members of the file, each checked against its length and checksum. Zeros after the last member are ignored.
 *
 * @throws HeddleError `format` for damaged data, or data that unpack to more than `maxBytes`
 * @see RFC 1952
 */
export async function gunzip(
  bytes: Uint8Array,
  { file = 'bytes', maxBytes = gunzipLimit(bytes.length) }: GunzipOptions = {},
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  unpack(bytes, file, (chunk) => {
    size += chunk.length
    if (size > maxBytes) {
      throw new HeddleError(
        'format',
        `${file}: expected at most ${maxBytes} bytes unpacked, got more from ${bytes.length} packed bytes. Fetch the file again, or unpack it yourself.`,
      )
    }
    chunks.push(chunk)
    return true
  })
  return joined(chunks, size)
}

/**
 * Unpacks the first `size` bytes of gzip data, or fewer when there are not as many.
 *
 * @throws HeddleError `format` for damaged data
 */
export function gunzipStart(bytes: Uint8Array, size: number, file: string): Uint8Array {
  const chunks: Uint8Array[] = []
  let length = 0
  unpack(bytes, file, (chunk) => {
    chunks.push(chunk)
    length += chunk.length
    return length < size
  })
  return joined(chunks, size)
}

/** @param take is given each unpacked chunk; returns whether to go on */
function unpack(bytes: Uint8Array, file: string, take: (chunk: Uint8Array) => boolean): void {
  const [, , method, flags] = bytes
  if (!isGzip(bytes) || method !== 8 || flags! > 31) throw damaged(file, bytes.length)
  let goesOn = true
  // Of the member that is being read.
  let [crc, size] = [0, 0]
  const isTrailer = (at: number) => {
    if (at < 0 || at + 8 > bytes.length) return false
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8)
    return view.getUint32(0, true) === crc && view.getUint32(4, true) === size % 2 ** 32
  }
  const stream = new Gunzip((chunk) => {
    crc = crc32(chunk, crc)
    size += chunk.length
    if (goesOn) goesOn = take(chunk)
  })
  stream.onmember = (offset) => {
    if (!isTrailer(offset - 8)) throw new Error('a checksum does not fit')
    ;[crc, size] = [0, 0]
  }
  let failure: unknown
  try {
    let read = 0
    for (const step of steps(bytes)) {
      read += step.length
      stream.push(step, read === bytes.length)
      if (!goesOn) return
    }
  } catch (cause) {
    if (isHeddleError(cause)) throw cause
    failure = cause
  }
  if (failure === undefined && isTrailer(bytes.length - 8)) return
  if (!endsInZeros(bytes, isTrailer)) throw damaged(file, bytes.length, failure)
}

/** Whether the last member's trailer is followed by zeros only, which tape archives are padded with. */
function endsInZeros(bytes: Uint8Array, isTrailer: (at: number) => boolean): boolean {
  for (let end = bytes.length; end > 0 && (end === bytes.length || bytes[end] === 0); end--) {
    if (end < bytes.length && isTrailer(end - 8)) return true
  }
  return false
}

function damaged(file: string, length: number, cause?: unknown): HeddleError {
  return new HeddleError(
    'format',
    `${file}: expected gzip data, got ${length} bytes that do not unpack. Fetch the file again.`,
    { cause },
  )
}
