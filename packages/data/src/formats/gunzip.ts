import { HeddleError } from '@heddle/core'

/** Whether bytes start like a gzip member. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * Unpacks gzip, in Node and in browsers.
 *
 * @param file the name for messages
 * @throws HeddleError `format` when the bytes are not gzip, are cut off or fail their checksum
 * @see RFC 1952
 */
export async function gunzip(bytes: Uint8Array, file = 'bytes'): Promise<Uint8Array> {
  try {
    const packed = new Response(bytes as Uint8Array<ArrayBuffer>).body!
    const unpacked = new Response(packed.pipeThrough(new DecompressionStream('gzip')))
    return new Uint8Array(await unpacked.arrayBuffer())
  } catch (cause) {
    throw new HeddleError(
      'format',
      `${file}: expected gzip data, got ${bytes.length} bytes that do not unpack. Fetch the file again.`,
      { cause },
    )
  }
}
