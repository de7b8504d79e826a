import { deflateSync } from 'node:zlib'

export interface PngFile {
  readonly width: number
  readonly height: number
  readonly colorType: number
  readonly bits: number
  readonly isInterlaced?: boolean
  /** Sample c of the pixel at x, y. */
  sample(x: number, y: number, c: number): number
  readonly palette?: readonly number[]
  readonly transparency?: readonly number[]
  /** Filter of a row; by default all five in turn. */
  filter?(y: number): number
}

const PASSES = {
  x: [0, 4, 0, 2, 0, 1, 0],
  y: [0, 0, 4, 0, 2, 0, 1],
  dx: [8, 8, 4, 4, 2, 2, 1],
  dy: [8, 8, 8, 4, 4, 2, 2],
}

/** A chunk with its length and checksum. */
export function pngChunk(name: string, content: Uint8Array | readonly number[]): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), Uint8Array.from(content)])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(checksum(body), body.length + 4)
  return chunk
}

// Bit by bit, unlike the table of the reader.
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const out = (crc ^ (byte >> bit)) & 1
      crc >>>= 1
      if (out === 1) crc ^= 0xedb88320
    }
  }
  return (crc ^ 0xffffffff) >>> 0
}

export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

export function pngHeader({ width, height, bits, colorType, isInterlaced = false }: Omit<PngFile, 'sample'>): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([bits, colorType, 0, 0, isInterlaced ? 1 : 0], 8)
  return pngChunk('IHDR', header)
}

/** The bytes of a PNG file of any kind. Rows are written bit by bit. */
export function pngFile(file: PngFile): Uint8Array {
  const raw = file.isInterlaced ? [0, 1, 2, 3, 4, 5, 6].flatMap((pass) => rowsOf(file, pass)) : rowsOf(file)
  const chunks = [
    PNG_SIGNATURE,
    pngHeader(file),
    ...(file.palette ? [pngChunk('PLTE', file.palette)] : []),
    ...(file.transparency ? [pngChunk('tRNS', file.transparency)] : []),
    pngChunk('IDAT', deflateSync(Uint8Array.from(raw))),
    pngChunk('IEND', []),
  ]
  return new Uint8Array(Buffer.concat(chunks))
}

function rowsOf({ width, height, colorType, bits, sample, filter = (y) => y % 5 }: PngFile, pass?: number): number[] {
  const [x0, y0, dx, dy] =
    pass === undefined ? [0, 0, 1, 1] : [PASSES.x[pass]!, PASSES.y[pass]!, PASSES.dx[pass]!, PASSES.dy[pass]!]
  const channels = [1, 0, 3, 1, 2, 0, 4][colorType]!
  const distance = Math.max(1, (bits * channels) / 8)
  const bytes: number[] = []
  let previous: number[] = []
  let rows = 0
  for (let y = y0; y < height && x0 < width; y += dy) {
    let binary = ''
    for (let x = x0; x < width; x += dx) {
      for (let c = 0; c < channels; c++) binary += sample(x, y, c).toString(2).padStart(bits, '0')
    }
    const row = (binary.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
    const kind = filter(rows++)
    bytes.push(kind, ...row.map((byte, i) => (byte - predicted(kind, row, previous, i, distance)) & 255))
    previous = row
  }
  return bytes
}

function predicted(kind: number, row: number[], previous: number[], i: number, distance: number): number {
  const [a, b, c] = [row[i - distance] ?? 0, previous[i] ?? 0, previous[i - distance] ?? 0]
  if (kind < 3) return [0, a, b][kind]!
  if (kind === 3) return Math.floor((a + b) / 2)
  const p = a + b - c
  return [a, b, c].reduce((best, value) => (Math.abs(p - value) < Math.abs(p - best) ? value : best))
}
