/** The remainders of all bytes, for a polynomial in reversed bit order. */
const tableOf = (polynomial: number) =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1
    return remainder >>> 0
  })

const CRC32 = /* @__PURE__ */ tableOf(0xedb88320)
const CRC32C = /* @__PURE__ */ tableOf(0x82f63b78)

function checksum(table: Uint32Array, bytes: Uint8Array, before: number): number {
  let crc = ~before
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/**
 * Returns the CRC-32 of gzip, zip and PNG.
 *
 * @param before the CRC of the bytes before these
 */
export const crc32 = (bytes: Uint8Array, before = 0): number => checksum(CRC32, bytes, before)

/**
 * Returns the CRC-32C (Castagnoli) of TensorFlow's record files, as in RFC 3720.
 *
 * @param before the CRC of the bytes before these
 */
export const crc32c = (bytes: Uint8Array, before = 0): number => checksum(CRC32C, bytes, before)
