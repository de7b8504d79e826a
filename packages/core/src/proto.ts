import { concatenate } from './concatenate.ts'

/**
 * Protocol Buffers, as far as ONNX and TensorBoard need them: a message is a list of fields, each a tag and a value. A whole number is
 * a varint; other numbers say their type; a list of numbers is a packed field of doubles.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export type ProtoField =
  | readonly [number: number, value: bigint | number]
  | readonly [number: number, value: string | Uint8Array | ProtoMessage]
  | readonly [number: number, value: { readonly float: number } | { readonly double: number }]
  | readonly [number: number, value: Float64Array]
export type ProtoMessage = readonly ProtoField[]

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const FIXED32 = 5

/** The bytes of a message. */
export function encodeProto(message: ProtoMessage): Uint8Array {
  const parts: Uint8Array[] = []
  collect(message, parts)
  return concatenate(Uint8Array, parts)
}

/** Adds the parts of a message to a list, so that large ones are copied once; returns their length. */
function collect(message: ProtoMessage, parts: Uint8Array[]): number {
  let length = 0
  const add = (bytes: Uint8Array) => {
    parts.push(bytes)
    length += bytes.length
  }
  for (const [number, value] of message) {
    if (typeof value === 'number' || typeof value === 'bigint') {
      add(varint(BigInt(number * 8 + VARINT)))
      add(varint(BigInt.asUintN(64, BigInt(value))))
    } else if (typeof value === 'object' && 'float' in value) {
      add(varint(BigInt(number * 8 + FIXED32)))
      add(new Uint8Array(Float32Array.of(value.float).buffer))
    } else if (typeof value === 'object' && 'double' in value) {
      add(varint(BigInt(number * 8 + FIXED64)))
      add(new Uint8Array(Float64Array.of(value.double).buffer))
    } else {
      add(varint(BigInt(number * 8 + LENGTH)))
      const inner: Uint8Array[] = []
      const size = isMessage(value) ? collect(value, inner) : 0
      const bytes = isMessage(value) ? undefined : bytesOf(value)
      add(varint(BigInt(bytes?.length ?? size)))
      if (bytes !== undefined) add(bytes)
      else {
        for (const part of inner) parts.push(part)
        length += size
      }
    }
  }
  return length
}

const isMessage = (value: string | Uint8Array | Float64Array | ProtoMessage): value is ProtoMessage =>
  Array.isArray(value)

function bytesOf(value: string | Uint8Array | Float64Array): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value)
  return value instanceof Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest === 0n ? low : low | 0x80)
  } while (rest !== 0n)
  return Uint8Array.from(bytes)
}
