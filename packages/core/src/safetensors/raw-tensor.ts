/** Sizes in bits of the dtypes of the safetensors format. */
const BITS: Readonly<Record<string, number>> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2: 8,
  F8_E5M2FNUZ: 8,
  F8_E8M0: 8,
  U16: 16,
  I16: 16,
  F16: 16,
  BF16: 16,
  U32: 32,
  I32: 32,
  F32: 32,
  U64: 64,
  I64: 64,
  F64: 64,
  C64: 64,
}

/** The dtypes whose values can be read. */
export type SafetensorsDtype =
  | 'BOOL'
  | 'U8'
  | 'I8'
  | 'U16'
  | 'I16'
  | 'F16'
  | 'BF16'
  | 'U32'
  | 'I32'
  | 'F32'
  | 'U64'
  | 'I64'
  | 'F64'

/** A tensor as bytes: row-major, little-endian. */
export interface RawTensor {
  /** Another name where a file uses a dtype whose values cannot be read here, such as `F8_E4M3`. */
  readonly dtype: SafetensorsDtype | (string & {})
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** Returns the number of values of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1)

/** Returns the number of bytes of a tensor, or undefined for a dtype of unknown size. */
export function byteLengthOf(dtype: string, shape: readonly number[]): number | undefined {
  return Object.hasOwn(BITS, dtype) ? (sizeOf(shape) * BITS[dtype]!) / 8 : undefined
}

/** Wraps 32-bit floats as a raw tensor, without a copy. */
export function floatTensor(shape: readonly number[], values: Float32Array): RawTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
}

/** Wraps 32-bit integers as a raw tensor, without a copy. */
export function intTensor(shape: readonly number[], values: Int32Array): RawTensor {
  return { dtype: 'I32', shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
}
