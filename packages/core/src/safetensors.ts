import { HeddleError, show } from './errors.ts'

/** The dtypes of the safetensors format, with their sizes in bits. */
const BITS = {
  BOOL: 8,
  U8: 8,
  I8: 8,
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
} as const

export type SafetensorsDtype = keyof typeof BITS

/** A tensor as bytes: row-major, little-endian. */
export interface RawTensor {
  readonly dtype: SafetensorsDtype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

export interface SafetensorsFile {
  readonly tensors: Map<string, RawTensor>
  /** The `__metadata__` entry: free text by key. */
  readonly metadata: Readonly<Record<string, string>>
}

// The limit of the reference implementation, against headers made to exhaust memory.
const MAX_HEADER_BYTES = 100_000_000

/**
 * Reads the bytes of a .safetensors file. The tensors are views into `file`: nothing is copied.
 *
 * Everything is checked before anything is returned: header size, JSON, duplicate names, dtypes, shapes, and that the tensors
 * cover the data without holes or overlaps.
 *
 * @param where the file's name, for messages
 * @throws HeddleError `format`
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(file: Uint8Array, where = 'safetensors'): SafetensorsFile {
  const fail = (message: string): never => {
    throw new HeddleError('format', `${where}: ${message} The file is damaged or not a safetensors file.`)
  }
  if (file.byteLength < 8) fail(`expected at least 8 bytes, got ${file.byteLength}.`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerSize = view.getBigUint64(0, true)
  if (headerSize > BigInt(MAX_HEADER_BYTES))
    fail(`expected a header of at most ${MAX_HEADER_BYTES} bytes, got ${headerSize}.`)
  const dataStart = 8 + Number(headerSize)
  if (dataStart > file.byteLength)
    fail(`expected a header of ${headerSize} bytes, got a file of ${file.byteLength} bytes.`)

  let text = ''
  let header: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, dataStart))
    header = JSON.parse(text)
  } catch (error) {
    fail(`expected a header of UTF-8 JSON (${error instanceof Error ? error.message : error}).`)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return fail(`expected a header object, got ${show(header)}.`)
  const twice = firstDuplicateKey(text)
  if (twice !== undefined) fail(`expected each name once, got ${show(twice)} twice.`)

  const metadata: Record<string, string> = {}
  const tensors = new Map<string, RawTensor>()
  const ranges: { name: string; begin: number; end: number }[] = []
  const dataSize = file.byteLength - dataStart
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, value] of Object.entries(entry ?? {})) {
        if (typeof value !== 'string') fail(`__metadata__.${key}: expected a string, got ${show(value)}.`)
        Object.defineProperty(metadata, key, { value, enumerable: true })
      }
      continue
    }
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
    if (typeof dtype !== 'string' || !Object.hasOwn(BITS, dtype)) {
      fail(`tensor ${show(name)}: expected a dtype of ${Object.keys(BITS).join(', ')}, got ${show(dtype)}.`)
    }
    if (!Array.isArray(shape) || !shape.every(isSize))
      fail(`tensor ${show(name)}: expected a shape of non-negative integers, got ${show(shape)}.`)
    if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
      fail(`tensor ${show(name)}: expected data_offsets [begin, end], got ${show(offsets)}.`)
    }
    const [begin, end] = offsets as [number, number]
    if (begin > end || end > dataSize)
      fail(`tensor ${show(name)}: expected offsets within the ${dataSize} bytes of data, got [${begin}, ${end}].`)
    const expected = (shape as number[]).reduce((size, n) => size * n, 1) * (BITS[dtype as SafetensorsDtype] / 8)
    if (end - begin !== expected)
      fail(`tensor ${show(name)}: expected ${expected} bytes for ${dtype} [${shape}], got ${end - begin}.`)
    ranges.push({ name, begin, end })
    tensors.set(name, {
      dtype: dtype as SafetensorsDtype,
      shape: shape as number[],
      bytes: file.subarray(dataStart + begin, dataStart + end),
    })
  }
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let covered = 0
  for (const { name, begin, end } of ranges) {
    if (begin < covered)
      fail(`tensor ${show(name)}: expected its data to start at ${covered}, got ${begin}: it overlaps another tensor.`)
    if (begin > covered)
      fail(`tensor ${show(name)}: expected its data to start at ${covered}, got ${begin}: there is a hole before it.`)
    covered = end
  }
  if (covered !== dataSize) fail(`expected ${covered} bytes of data, got ${dataSize}.`)
  return { tensors, metadata }
}

const isSize = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0

/**
 * The bytes of a .safetensors file with these tensors, in their order; the data start at a multiple of 8.
 *
 * @throws HeddleError `format` when a tensor's bytes do not fit its shape
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, RawTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  let offset = 0
  for (const [name, { dtype, shape, bytes }] of tensors) {
    const expected = shape.reduce((size, n) => size * n, 1) * (BITS[dtype] / 8)
    if (bytes.byteLength !== expected || name === '__metadata__') {
      throw new HeddleError(
        'format',
        `writeSafetensors: tensor ${show(name)}: expected ${expected} bytes for ${dtype} [${shape}], got ${bytes.byteLength}.`,
      )
    }
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] }])
    offset += bytes.byteLength
  }
  // Built by hand so that a tensor may have any name, also one that an object literal would treat specially.
  const json = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`
  const header = new TextEncoder().encode(json)
  const headerSize = Math.ceil(header.byteLength / 8) * 8
  const file = new Uint8Array(8 + headerSize + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerSize), true)
  file.set(header, 8)
  file.fill(0x20, 8 + header.byteLength, 8 + headerSize)
  let at = 8 + headerSize
  for (const { bytes } of tensors.values()) {
    file.set(bytes, at)
    at += bytes.byteLength
  }
  return file
}

/** A raw tensor of 32-bit floats. */
export function floatTensor(shape: readonly number[], values: Float32Array): RawTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
}

/** A raw tensor of 32-bit integers. */
export function intTensor(shape: readonly number[], values: Int32Array): RawTensor {
  return { dtype: 'I32', shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
}

/**
 * The values of a float tensor (F16, BF16, F32 or F64) as 32-bit floats, or of an integer or boolean one as 32-bit integers.
 *
 * @throws HeddleError `format` when an integer does not fit 32 bits
 */
export function tensorValues({ dtype, shape, bytes }: RawTensor): Float32Array | Int32Array {
  const size = shape.reduce((product, n) => product * n, 1)
  // A copy: the bytes of a file need not be aligned for a typed array. (A Buffer's own slice would be a view.)
  const { buffer } = new Uint8Array(bytes)
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer)
    case 'F64':
      return Float32Array.from(new Float64Array(buffer))
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat)
    case 'BF16': {
      const wide = Uint32Array.from(new Uint16Array(buffer), (half) => half << 16)
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
    default: {
      const wide =
        dtype === 'I64'
          ? new BigInt64Array(buffer)
          : dtype === 'U64'
            ? new BigUint64Array(buffer)
            : new Uint32Array(buffer)
      const result = new Int32Array(size)
      for (let i = 0; i < size; i++) {
        const value = Number(wide[i])
        if (value !== (value | 0))
          throw new HeddleError(
            'format',
            `tensorValues: expected integers of 32 bits, got ${wide[i]} at ${i} (${dtype}).`,
          )
        result[i] = value
      }
      return result
    }
  }
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The first key that stands twice in the top-level object of valid JSON (JSON.parse keeps the last one silently). */
function firstDuplicateKey(json: string): string | undefined {
  const seen = new Set<string>()
  let depth = 0
  for (let i = 0; i < json.length; i++) {
    const c = json[i]
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
    else if (c === '"') {
      let end = i + 1
      while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1
      let next = end + 1
      while (' \t\r\n'.includes(json[next] ?? 'x')) next++
      if (depth === 1 && json[next] === ':') {
        const key = JSON.parse(json.slice(i, end + 1)) as string
        if (seen.has(key)) return key
        seen.add(key)
      }
      i = end
    }
  }
  return undefined
}
