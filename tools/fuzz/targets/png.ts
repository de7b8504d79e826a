import { deflateSync } from 'node:zlib'
import { decodePng, parsePng, resizePicture } from '@heddle/data'
import fc from 'fast-check'
import {
  PNG_SIGNATURE,
  type PngFile,
  pngChunk,
  pngFile,
  pngHeader,
} from '../../../packages/data/src/test-support/png-file.ts'
import { type FuzzTarget, readOrRefused } from '../fuzz.ts'
import { mutated } from '../mutations.ts'

const KINDS = [0, 2, 3, 4, 6].flatMap((colorType) =>
  (colorType === 0 ? [1, 2, 4, 8, 16] : colorType === 3 ? [1, 2, 4, 8] : [8, 16]).map((bits) => ({ colorType, bits })),
)
const side = fc.integer({ min: 1, max: 12 })

const files = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    width: side,
    height: side,
    isInterlaced: fc.boolean(),
    seed: fc.nat({ max: 1000 }),
    palette: fc.array(fc.nat({ max: 255 }), { minLength: 3, maxLength: 12 }),
    transparency: fc.option(fc.array(fc.nat({ max: 255 }), { maxLength: 8 }), { nil: undefined }),
  })
  .map(
    ({ kind, seed, palette, transparency, ...rest }): PngFile => ({
      ...rest,
      ...kind,
      sample: (x, y, c) => (seed + x * 7919 + y * 104_729 + c * 131) % 2 ** kind.bits,
      ...(kind.colorType === 3 && { palette: palette.slice(0, palette.length - (palette.length % 3)) }),
      ...(transparency && { transparency }),
    }),
  )

const number = fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(0, 2 ** 31 - 1, 2 ** 32 - 1, 70_000))

/** Files whose chunks are whole, but do not belong together. */
const chunked = fc
  .record({
    header: fc.record({
      width: number,
      height: number,
      bits: fc.constantFrom(1, 2, 3, 4, 8, 16, 255),
      colorType: fc.constantFrom(0, 1, 2, 3, 4, 6, 7),
      isInterlaced: fc.boolean(),
    }),
    chunks: fc.array(
      fc.tuple(
        fc.constantFrom('PLTE', 'tRNS', 'IDAT', 'IHDR', 'IEND', 'tEXt', 'ABCD'),
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.uint8Array({ maxLength: 200 }).map((raw) => new Uint8Array(deflateSync(raw))),
        ),
      ),
      { maxLength: 5 },
    ),
  })
  .map(({ header, chunks }) =>
    Buffer.concat([
      PNG_SIGNATURE,
      pngHeader(header),
      ...chunks.map(([name, content]) => pngChunk(name, content)),
      pngChunk('IDAT', deflateSync(new Uint8Array(200))),
      pngChunk('IEND', []),
    ]),
  )

/** Deflate unpacks at most about a thousand times. */
const MOST_EXPANSION = 1100

export const pngTarget: FuzzTarget<Uint8Array> = {
  name: 'PNG',
  inputs: fc.oneof(mutated(files.map(pngFile)), mutated(chunked), chunked),
  async check(bytes) {
    const picture = await readOrRefused(() => decodePng(bytes, { file: 'a.png' }))
    if (picture === undefined) return
    const { width, height, data } = picture
    if (data.length !== width * height * 4) throw new Error(`got ${data.length} values for ${width} × ${height}`)
    // One bit a pixel becomes four bytes.
    if (width * height > 8 * MOST_EXPANSION * bytes.length)
      throw new Error(`got ${width} × ${height} from ${bytes.length}`)
    const { pixels } = resizePicture(parsePng(bytes), 3, 2)
    if (!pixels.every((value) => value > -1e-6 && value < 1 + 1e-6)) throw new Error(`got pixels ${pixels}`)
  },
}

/** Whole files, each pixel of which is known. */
export const pngPixelsTarget: FuzzTarget<PngFile> = {
  name: 'PNG, pixels',
  inputs: files,
  check(file) {
    const { data } = decodePng(pngFile(file))
    const channel = file.colorType === 2 || file.colorType === 6 ? 1 : 0
    const scale = file.bits < 8 ? 255 / (2 ** file.bits - 1) : 1
    for (let y = 0; y < file.height; y++) {
      for (let x = 0; x < file.width; x++) {
        const sample = file.sample(x, y, channel)
        const wanted = file.colorType === 3 ? (file.palette![3 * sample + 1] ?? 0) : sample * scale
        const got = data[4 * (y * file.width + x) + 1]
        if (got !== wanted) throw new Error(`expected ${wanted} at ${x}, ${y}, got ${got}`)
      }
    }
  },
}
