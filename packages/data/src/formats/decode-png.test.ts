import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PNG_SIGNATURE, type PngFile, pngChunk, pngFile, pngHeader } from '../test-support/png-file.ts'
import { decodePng } from './decode-png.ts'

const KINDS: readonly (readonly [colorType: number, bits: number])[] = [
  ...[1, 2, 4, 8, 16].map((bits) => [0, bits] as const),
  ...[8, 16].flatMap((bits) => [2, 4, 6].map((colorType) => [colorType, bits] as const)),
  ...[1, 2, 4, 8].map((bits) => [3, bits] as const),
]
const CASES = KINDS.flatMap(([colorType, bits]) =>
  [false, true].flatMap((isInterlaced) => [false, true].map((isClear) => ({ colorType, bits, isInterlaced, isClear }))),
)

/** A sample that differs from its neighbors, with every value of few bits. */
const sampleOf = (bits: number) => (x: number, y: number, c: number) =>
  (x * 7919 + y * 104_729 + c * 1_299_709 + x * y * 31) % 2 ** bits

function expected({ colorType, bits, sample, palette, transparency }: PngFile, x: number, y: number): number[] {
  const most = bits === 16 ? 65_535 : 255
  const scaled = (c: number) => (bits < 8 ? (sample(x, y, c) * 255) / (2 ** bits - 1) : sample(x, y, c))
  const clear =
    transparency &&
    Array.from({ length: transparency.length / 2 }, (_, i) => transparency[2 * i]! * 256 + transparency[2 * i + 1]!)
  switch (colorType) {
    case 0:
      return [scaled(0), scaled(0), scaled(0), clear?.[0] === sample(x, y, 0) ? 0 : most]
    case 2:
      return [scaled(0), scaled(1), scaled(2), clear?.every((value, c) => value === sample(x, y, c)) ? 0 : most]
    case 3: {
      const index = sample(x, y, 0)
      const colors = palette!.slice(3 * index, 3 * index + 3)
      return [...(colors.length === 3 ? colors : [0, 0, 0]), transparency?.[index] ?? 255]
    }
    case 4:
      return [scaled(0), scaled(0), scaled(0), sample(x, y, 1)]
    default:
      return [0, 1, 2, 3].map(scaled)
  }
}

describe('decodePng', () => {
  it.each(CASES)(
    'reads color type $colorType of $bits bits, interlaced $isInterlaced, transparency $isClear',
    (kind) => {
      const { colorType, bits, isInterlaced, isClear } = kind
      const sample = sampleOf(bits)
      const color = [0, 1, 2]
        .slice(0, colorType === 0 ? 1 : 3)
        .flatMap((c) => [sample(1, 1, c) >> 8, sample(1, 1, c) & 255])
      // Fewer entries than indices, of which the last ones are opaque.
      const entries = Math.max(2, 2 ** bits - 1)
      const palette = Array.from({ length: entries * 3 }, (_, i) => (i * 37) % 256)
      for (const [width, height] of [
        [1, 1],
        [3, 2],
        [5, 9],
        [17, 13],
      ] as const) {
        const file: PngFile = {
          ...{ width, height, colorType, bits, isInterlaced, sample },
          ...(colorType === 3 && { palette }),
          ...(isClear && colorType !== 4 && colorType !== 6 && { transparency: colorType === 3 ? [0, 128] : color }),
        }
        const { data, depth, ...size } = decodePng(pngFile(file))
        expect([size.width, size.height, depth]).toEqual([width, height, bits === 16 ? 16 : 8])
        const pixels = Array.from({ length: width * height }, (_, i) =>
          expected(file, i % width, Math.floor(i / width)),
        )
        expect([...data]).toEqual(pixels.flat())
      }
    },
  )

  it('takes the colors of a true-color picture, whatever palette it suggests', () => {
    const pixels = [1, 2, 3, 0, 0, 1]
    const palette = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]
    const sample = (x: number, _: number, c: number) => pixels[3 * x + c]!
    const { data } = decodePng(pngFile({ width: 2, height: 1, colorType: 2, bits: 8, sample, palette }))
    expect([...data]).toEqual([1, 2, 3, 255, 0, 0, 1, 255])
  })

  it('reads data in several chunks, and goes past other chunks', () => {
    const packed = deflateSync(Uint8Array.of(0, 7, 8))
    const chunks = [...packed].map((byte) => pngChunk('IDAT', [byte]))
    const header = pngHeader({ width: 2, height: 1, colorType: 0, bits: 8 })
    const file = Buffer.concat([PNG_SIGNATURE, header, pngChunk('tEXt', [1, 2]), ...chunks, pngChunk('IEND', [])])
    expect([...decodePng(file).data]).toEqual([7, 7, 7, 255, 8, 8, 8, 255])
  })
})

describe('damaged and hostile files', () => {
  const gray = { width: 4, height: 4, colorType: 0, bits: 8 }
  const good = pngFile({ ...gray, sample: (x, y) => 16 * y + x })
  const file = (...chunks: Buffer[]) => Buffer.concat([PNG_SIGNATURE, ...chunks])
  const idat = pngChunk('IDAT', deflateSync(new Uint8Array(20)))
  const cases: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(0), /expected a PNG picture, got a file that starts with ""/],
    ['a signature with another line end', Buffer.from(good).fill(0x0a, 4, 5), /expected a PNG picture/],
    ['no header', file(idat), /expected the chunk 'IHDR' first, got "IDAT"/],
    ['only a signature', file(), /expected a chunk 'IHDR', got none/],
    ['no data', file(pngHeader(gray), pngChunk('IEND', [])), /expected a chunk 'IDAT', got none/],
    ['width 0', file(pngHeader({ ...gray, width: 0 }), idat), /expected a width and a height, got 0 × 4/],
    ['a giant', file(pngHeader({ ...gray, width: 2 ** 31 - 1, height: 5 }), idat), /expected at most 16777216 pixels/],
    [
      'a large one without data',
      file(pngHeader({ ...gray, width: 4000, height: 4000 }), idat),
      /expected data for 4000 × 4000 pixels, got \d+ packed bytes/,
    ],
    [
      'color type 1',
      file(pngHeader({ ...gray, colorType: 1 }), idat),
      /expected a color type and a bit depth of PNG, got 1 and 8/,
    ],
    ['3 bits', file(pngHeader({ ...gray, bits: 3 }), idat), /got 0 and 3/],
    ['16 bits with a palette', file(pngHeader({ ...gray, bits: 16, colorType: 3 }), idat), /got 3 and 16/],
    [
      'colors without a palette',
      file(pngHeader({ ...gray, colorType: 3 }), idat),
      /expected a palette of whole colors, got no bytes/,
    ],
    ['half a palette color', file(pngHeader({ ...gray, colorType: 3 }), pngChunk('PLTE', [1, 2]), idat), /got 2 bytes/],
    ['too few rows', file(pngHeader({ ...gray, height: 5 }), idat), /expected 25 bytes of pixels, got 20/],
    ['no zlib', file(pngHeader(gray), pngChunk('IDAT', [1, 2, 3, 4, 5, 6, 7, 8])), /expected zlib data, got an error/],
    [
      'an unknown filter',
      file(pngHeader(gray), pngChunk('IDAT', deflateSync(new Uint8Array(20).fill(5)))),
      /expected a filter from 0 to 4, got 5/,
    ],
    [
      'a chunk that every reader must know',
      file(pngHeader(gray), pngChunk('CgBI', []), idat),
      /expected the chunks of a PNG picture, got "CgBI"/,
    ],
    ['a cut file', good.subarray(0, good.length - 20), /expected/],
  ]
  it.each(cases)('%s', (_, bytes, message) => {
    expect(() => decodePng(bytes, { file: 'a.png' })).toThrow(message)
    expect(() => decodePng(bytes, { file: 'a.png' })).toThrow(/^a\.png: /)
  })

  it('any damaged byte of a chunk that matters', () => {
    for (let at = 0; at < good.length - 12; at++) {
      const bad = good.slice()
      bad[at]! ^= 1
      expect(() => decodePng(bad), `byte ${at}`).toThrow(/^png: expected/)
    }
  })

  it('reads no more than the picture needs', () => {
    const bomb = file(
      pngHeader({ ...gray, width: 10, height: 10 }),
      pngChunk('IDAT', deflateSync(new Uint8Array(60_000_000))),
    )
    const start = process.cpuUsage()
    expect(decodePng(bomb).data).toHaveLength(400)
    expect(process.cpuUsage(start).user).toBeLessThan(2e6) // microseconds
  })

  it('raises the limit of pixels on demand', () => {
    expect(() => decodePng(good, { maxPixels: 15 })).toThrow('expected at most 15 pixels, got 4 × 4')
    expect(decodePng(good, { maxPixels: 16 }).width).toBe(4)
  })
})
