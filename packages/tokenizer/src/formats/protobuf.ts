import { HeddleError } from '@heddle/core'

/** A field of a protocol buffer message: its number, and a varint, bytes, or a 32- or 64-bit value as bytes. */
export interface ProtobufField {
  readonly number: number
  readonly value: number | Uint8Array
}

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

/**
 * The fields of a protocol buffer message, in their order.
 *
 * @param where name of the input, for messages
 * @throws HeddleError `format`, naming the byte, if the bytes are not such a message
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function* protobufFields(bytes: Uint8Array, where: string): Generator<ProtobufField> {
  let at = 0
  const fail = (expected: string): never => {
    throw new HeddleError(
      'format',
      `${where}, byte ${at}: expected ${expected}, got something else or the end. The file is damaged or of another kind.`,
    )
  }
  const varint = (): number => {
    let value = 0
    for (let scale = 1, n = 0; n < 10; n++, scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) return fail('a number')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    return fail('a number of at most ten bytes')
  }
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) fail(`${length} bytes`)
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const key = varint()
    const type = key % 8
    const number = Math.floor(key / 8)
    if (number < 1 || number > 0x1fffffff) fail('a field number')
    if (type === VARINT) yield { number, value: varint() }
    else if (type === BYTES) yield { number, value: take(varint()) }
    else if (type === FIXED64 || type === FIXED32) yield { number, value: take(type === FIXED64 ? 8 : 4) }
    else fail('a field of a known type')
  }
}
