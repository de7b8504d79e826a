import { HeddleError } from '../errors.ts'
import { show } from '../show.ts'
import { type RawTensor, sizeOf } from './raw-tensor.ts'

/**
 * Returns the values of a float tensor (F16, BF16, F32 or F64) as 32-bit floats, those of an integer or boolean tensor as 32-bit
 * integers.
 *
 * @throws HeddleError `format` for another dtype, or when an integer does not fit 32 bits
 */
export function tensorValues({ dtype, shape, bytes }: RawTensor): Float32Array | Int32Array {
  const size = sizeOf(shape)
  // A copy: the bytes of a file need not be aligned for a typed array. (A Buffer's own slice would be a view.)
  return valuesIn(dtype, size, new Uint8Array(bytes).buffer)
}

/** As {@link tensorValues}, of a tensor whose bytes nobody else uses: they are taken over where they can be, and not copied. */
export function takeValues({ dtype, shape, bytes }: RawTensor): Float32Array | Int32Array {
  const { buffer, byteOffset, byteLength } = bytes
  const isWhole = buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength
  return isWhole ? valuesIn(dtype, sizeOf(shape), buffer) : tensorValues({ dtype, shape, bytes })
}

function valuesIn(dtype: string, size: number, buffer: ArrayBuffer): Float32Array | Int32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer)
    case 'F64':
      return Float32Array.from(new Float64Array(buffer))
    case 'F16':
      return halvesToFloats(new Uint16Array(buffer))
    case 'BF16': {
      const halves = new Uint16Array(buffer)
      const wide = new Uint32Array(size)
      for (let i = 0; i < size; i++) wide[i] = halves[i]! << 16
      return new Float32Array(wide.buffer)
    }
    case 'I32':
      return new Int32Array(buffer)
    case 'U8':
    case 'BOOL':
      return Int32Array.from(new Uint8Array(buffer))
    case 'I8':
      return Int32Array.from(new Int8Array(buffer))
    case 'U16':
      return Int32Array.from(new Uint16Array(buffer))
    case 'I16':
      return Int32Array.from(new Int16Array(buffer))
    case 'U32':
      return narrowed(dtype, size, new Uint32Array(buffer))
    case 'I64':
      return narrowed(dtype, size, new BigInt64Array(buffer))
    case 'U64':
      return narrowed(dtype, size, new BigUint64Array(buffer))
    default:
      throw new HeddleError(
        'format',
        `tensorValues: expected floats of 16 to 64 bits, integers or booleans, got the dtype ${show(dtype)}. Convert the tensor.`,
      )
  }
}

function narrowed(dtype: string, size: number, wide: ArrayLike<number | bigint>): Int32Array {
  const result = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const value = Number(wide[i])
    if (value !== (value | 0)) {
      throw new HeddleError(
        'format',
        `tensorValues: expected integers of 32 bits, got ${wide[i]} at ${i} (${dtype}). Convert the tensor.`,
      )
    }
    result[i] = value
  }
  return result
}

/** A table of all halves is what makes a checkpoint of 100 million of them quick to read. */
let floatOfHalf: Float32Array | undefined

function halvesToFloats(halves: Uint16Array): Float32Array {
  floatOfHalf ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => halfToFloat(half))
  const floats = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) floats[i] = floatOfHalf[halves[i]!]!
  return floats
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
