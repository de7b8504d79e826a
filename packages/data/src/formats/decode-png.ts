import { crc32, HeddleError, show } from '@heddle/core'
import { inflate } from './inflate.ts'
import { type PngLayout, pngPasses, unfilter } from './png-rows.ts'

// H height, W width

/** The pixels of a PNG file, expanded to red, green, blue and alpha. */
export interface DecodedPng {
  readonly width: number
  readonly height: number
  /** Bits of each value: 16 for files of 16 bits, otherwise 8. */
  readonly depth: 8 | 16
  /** [H, W, 4], row-major. */
  readonly data: Uint8Array | Uint16Array
}

export interface PngOptions {
  /** The file's name, for messages. Default: `'png'`. */
  readonly file?: string
  /** Most pixels that a picture may have. Default: 2^24. */
  readonly maxPixels?: number
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Channels by color type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
/** Bit depths by color type. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
/** Deflate expands at most by this factor. */
const MOST_EXPANSION = 1032

/**
 * Decodes a PNG file of any color type, bit depth and interlacing as libpng does.
 *
 * Gamma and color profiles are not applied. A palette index without an entry is black. Chunks that do not concern the pixels are
 * left unread.
 *
 * @throws HeddleError `format` for damaged files, and for pictures with more than `maxPixels` pixels
 * @see https://www.w3.org/TR/png-3/
 */
export function decodePng(bytes: Uint8Array, { file = 'png', maxPixels = 2 ** 24 }: PngOptions = {}): DecodedPng {
  const fail: Fail = (message, advice = 'The file is damaged or not a PNG file.') => {
    throw new HeddleError('format', `${file}: ${message} ${advice}`)
  }
  const { header, palette, transparency, data } = readChunks(bytes, fail)
  const { width, height } = header
  if (width * height > maxPixels) {
    fail(`expected at most ${maxPixels} pixels, got ${width} × ${height}.`, 'Scale the picture down.')
  }
  const passes = pngPasses(header)
  const size = passes.reduce((sum, pass) => sum + pass.height * (1 + pass.rowBytes), 0)
  const packed = data.reduce((sum, { length }) => sum + length, 0)
  if (size > MOST_EXPANSION * packed) {
    fail(`expected data for ${width} × ${height} pixels, got ${packed} packed bytes.`)
  }
  let raw: Uint8Array
  try {
    raw = inflate(data, size)
  } catch (cause) {
    return fail(`expected zlib data, got an error: ${cause instanceof Error ? cause.message : show(cause)}.`)
  }
  if (raw.length < size) fail(`expected ${size} bytes of pixels, got ${raw.length}.`)

  const isDeep = header.bits === 16
  const target = isDeep ? new Uint16Array(width * height * 4) : new Uint8Array(width * height * 4)
  const write = colorWriter(header, palette, transparency, target)
  let at = 0
  for (const pass of passes) {
    const { rowBytes } = pass
    let previous: Uint8Array = new Uint8Array(rowBytes)
    for (let y = 0; y < pass.height; y++) {
      const filter = raw[at]!
      const row = raw.subarray(at + 1, at + 1 + rowBytes)
      if (!unfilter(filter, row, previous, Math.max(1, header.bitsPerPixel >> 3))) {
        fail(`expected a filter from 0 to 4, got ${filter}.`)
      }
      const start = (pass.top + y * pass.stepY) * width + pass.left
      for (let x = 0; x < pass.width; x++) write(row, x, 4 * (start + x * pass.stepX))
      previous = row
      at += 1 + rowBytes
    }
  }
  return { width, height, depth: isDeep ? 16 : 8, data: target }
}

type Fail = (message: string, advice?: string) => never

interface Header extends PngLayout {
  readonly colorType: number
  readonly bits: number
}

interface Chunks {
  readonly header: Header
  readonly palette: Uint8Array | undefined
  readonly transparency: Uint8Array | undefined
  readonly data: readonly Uint8Array[]
}

function readChunks(bytes: Uint8Array, fail: Fail): Chunks {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
    fail(
      `expected a PNG picture, got a file that starts with ${show(String.fromCharCode(...bytes.subarray(0, 8)))}.`,
      'Convert it to PNG.',
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let header: Header | undefined
  let palette: Uint8Array | undefined
  let transparency: Uint8Array | undefined
  const data: Uint8Array[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    const end = at + 8 + length
    if (end + 4 > bytes.length) {
      fail(`expected ${length} bytes in the chunk ${show(name)}, got ${bytes.length - at - 12}.`)
    }
    const content = bytes.subarray(at + 8, end)
    at = end + 4
    // Names of chunks that every reader must know start with a capital letter.
    const isCritical = /^[A-Z]/.test(name)
    if (!isCritical && name !== 'tRNS') continue
    if (crc32(bytes.subarray(end - length - 4, end)) !== view.getUint32(end)) {
      if (isCritical) fail(`expected the checksum of the chunk ${show(name)}, got another.`)
      continue
    }
    if (name === 'IEND') break
    if (name === 'IHDR') header ??= readHeader(content, fail)
    else if (header === undefined) fail(`expected the chunk 'IHDR' first, got ${show(name)}.`)
    else if (name === 'IDAT') data.push(content)
    else if (name === 'PLTE') palette = content
    else if (name === 'tRNS') transparency = content
    else fail(`expected the chunks of a PNG picture, got ${show(name)}.`)
  }
  if (header === undefined) return fail("expected a chunk 'IHDR', got none.")
  if (data.length === 0) return fail("expected a chunk 'IDAT', got none.")
  if (header.colorType === 3 && (palette === undefined || palette.length === 0 || palette.length % 3 !== 0)) {
    fail(`expected a palette of whole colors, got ${palette?.length ?? 'no'} bytes.`)
  }
  return { header, palette, transparency, data }
}

function readHeader(content: Uint8Array, fail: Fail): Header {
  if (content.length !== 13) fail(`expected 13 bytes in the chunk 'IHDR', got ${content.length}.`)
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [bits, colorType, compression, filter, interlace] = content.subarray(8) as unknown as number[]
  const isSide = (n: number) => n > 0 && n < 2 ** 31
  if (!isSide(width) || !isSide(height)) fail(`expected a width and a height, got ${width} × ${height}.`)
  if (!DEPTHS[colorType!]?.includes(bits!)) {
    fail(`expected a color type and a bit depth of PNG, got ${colorType} and ${bits}.`)
  }
  if (compression !== 0 || filter !== 0 || interlace! > 1) {
    fail(`expected compression 0, filter 0 and interlacing 0 or 1, got ${compression}, ${filter} and ${interlace}.`)
  }
  return {
    width,
    height,
    bits: bits!,
    colorType: colorType!,
    bitsPerPixel: bits! * CHANNELS[colorType!]!,
    isInterlaced: interlace === 1,
  }
}

/** Returns a function that writes pixel x of a row as RGBA at an index of `target`. */
function colorWriter(
  { colorType, bits }: Header,
  palette: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
  target: Uint8Array | Uint16Array,
): (row: Uint8Array, x: number, at: number) => void {
  const channels = CHANNELS[colorType]!
  const most = bits === 16 ? 65_535 : 255
  const sample = sampleReader(bits)
  if (colorType === 3) {
    return (row, x, at) => {
      const index = sample(row, x)
      for (let c = 0; c < 3; c++) target[at + c] = palette![3 * index + c] ?? 0
      target[at + 3] = transparency?.[index] ?? 255
    }
  }
  const isGray = channels < 3
  const hasAlpha = channels % 2 === 0
  // Gray of 1, 2 or 4 bits is spread over 0 to 255.
  const scale = bits < 8 ? 255 / (2 ** bits - 1) : 1
  const colors = isGray ? 1 : 3
  const clear = !hasAlpha && transparency?.length === 2 * colors ? clearColor(transparency) : undefined
  return (row, x, at) => {
    let isClear = clear !== undefined
    for (let c = 0; c < 3; c++) {
      const value = sample(row, x * channels + (isGray ? 0 : c))
      if (isClear && value !== clear![isGray ? 0 : c]) isClear = false
      target[at + c] = value * scale
    }
    target[at + 3] = hasAlpha ? sample(row, x * channels + colors) : isClear ? 0 : most
  }
}

/** The samples of the one color that is transparent. */
const clearColor = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / 2 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!)

function sampleReader(bits: number): (row: Uint8Array, index: number) => number {
  if (bits === 8) return (row, index) => row[index]!
  if (bits === 16) return (row, index) => (row[2 * index]! << 8) | row[2 * index + 1]!
  const [perByte, mask] = [8 / bits, 2 ** bits - 1]
  return (row, index) => (row[Math.floor(index / perByte)]! >> (8 - bits * (1 + (index % perByte)))) & mask
}
