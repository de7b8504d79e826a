import { describe, expect, it } from 'vitest'
import { mixToMono, parseWav } from './parse-wav.ts'

interface Chunk {
  readonly name: string
  readonly body: Uint8Array
}

function riff(...chunks: Chunk[]): Uint8Array {
  const parts = chunks.map(({ name, body }) => {
    const padded = new Uint8Array(8 + body.length + (body.length % 2))
    padded.set(new TextEncoder().encode(name))
    new DataView(padded.buffer).setUint32(4, body.length, true)
    padded.set(body, 8)
    return [...padded]
  })
  const content = parts.flat()
  const file = new Uint8Array(12 + content.length)
  file.set(new TextEncoder().encode('RIFF'))
  new DataView(file.buffer).setUint32(4, file.length - 8, true)
  file.set(new TextEncoder().encode('WAVE'), 8)
  file.set(content, 12)
  return file
}

function fmt(code: number, channels: number, rate: number, bits: number, extra: number[] = []): Chunk {
  const body = new Uint8Array(16 + extra.length)
  const view = new DataView(body.buffer)
  view.setUint16(0, code, true)
  view.setUint16(2, channels, true)
  view.setUint32(4, rate, true)
  view.setUint32(8, (rate * channels * bits) / 8, true)
  view.setUint16(12, (channels * bits) / 8, true)
  view.setUint16(14, bits, true)
  body.set(extra, 16)
  return { name: 'fmt ', body }
}

/** The format with another size of a frame. */
function blocks({ name, body }: Chunk, size: number): Chunk {
  const changed = body.slice()
  new DataView(changed.buffer).setUint16(12, size, true)
  return { name, body: changed }
}

const data = (...bytes: number[]): Chunk => ({ name: 'data', body: Uint8Array.from(bytes) })
const le = (array: Float32Array | Float64Array) => [...new Uint8Array(array.buffer)]

describe('parseWav', () => {
  it.each([
    ['8-bit', fmt(1, 1, 8000, 8), data(0, 128, 255), [-1, 0, 127 / 128]],
    ['16-bit', fmt(1, 1, 8000, 16), data(0, 0x80, 0, 0, 0xff, 0x7f), [-1, 0, 32767 / 32768]],
    ['24-bit', fmt(1, 1, 8000, 24), data(0, 0, 0x80, 0, 0, 0x40), [-1, 0.5]],
    ['32-bit', fmt(1, 1, 8000, 32), data(0, 0, 0, 0x80, 0, 0, 0, 0x40), [-1, 0.5]],
    ['32-bit float', fmt(3, 1, 8000, 32), data(...le(Float32Array.of(0.25, -0.5))), [0.25, -0.5]],
    ['64-bit float', fmt(3, 1, 8000, 64), data(...le(Float64Array.of(0.25, -0.5))), [0.25, -0.5]],
    [
      'extensible',
      fmt(0xfffe, 1, 8000, 16, [22, 0, 16, 0, 4, 0, 0, 0, 1, 0, ...Array(14).fill(0)]),
      data(0, 0x40),
      [0.5],
    ],
  ])('reads %s samples', (_, format, samples, values) => {
    const wav = parseWav(riff(format, samples))
    expect(wav).toMatchObject({ sampleRate: 8000, numChannels: 1 })
    expect([...wav.samples]).toEqual([...Float32Array.from(values)])
  })

  it('steps over other chunks, also those of odd length', () => {
    const list: Chunk = { name: 'LIST', body: Uint8Array.of(1, 2, 3) }
    expect([...parseWav(riff(list, fmt(1, 1, 16000, 16), list, data(0, 0x40))).samples]).toEqual([0.5])
  })

  it('reads 24 bits in blocks of 4 bytes, low as sound cards write them', () => {
    const format = blocks(fmt(1, 1, 8000, 24), 4)
    const low = data(0, 0, 0x40, 0, 0, 0, 0xc0, 0xff, 1, 0, 0, 0)
    expect([...parseWav(riff(format, low)).samples]).toEqual([0.5, -0.5, 2 ** -23])
    // 16 bits of sound in 24, with and without a sign in the byte that is not used.
    expect([...parseWav(riff(format, data(0, 0, 0x40, 0, 0, 0, 0xc0, 0))).samples]).toEqual([0.5, -0.5])
  })

  it('reads 24 bits in blocks of 4 bytes, high as the specification has them', () => {
    const format = blocks(fmt(1, 2, 8000, 24), 8)
    const high = data(0, 0, 0, 0x40, 0, 1, 0, 0xc0, 0, 0, 0, 0x80, 0, 0, 0, 0x7f)
    expect([...parseWav(riff(format, high)).samples]).toEqual([0.5, -0.5 + 2 ** -23, -1, 127 / 128])
  })

  it('reads 12 and 20 bits from the high bits of their bytes', () => {
    const twelve = blocks(fmt(1, 1, 8000, 12), 2)
    expect([...parseWav(riff(twelve, data(0, 0x40, 0xf0, 0xff))).samples]).toEqual([0.5, -(2 ** -11)])
    const twenty = blocks(fmt(1, 1, 8000, 20), 3)
    expect([...parseWav(riff(twenty, data(0xf0, 0xff, 0xff))).samples]).toEqual([-(2 ** -19)])
  })

  it.each([0, 0xffffffff, 0x7ffff000, 0x80000000])('reads data of size %i to the end of the file', (size) => {
    for (const values of [[0, 0x40, 0, 0xc0], Array(64).fill(0), [0, 0x40, 0x7f]]) {
      const file = riff(fmt(1, 1, 8000, 16), data(...values))
      new DataView(file.buffer).setUint32(40, size, true)
      expect(parseWav(file.subarray(0, 44 + values.length)).samples).toHaveLength(Math.floor(values.length / 2))
    }
  })

  it('keeps an empty chunk of data empty where other chunks follow', () => {
    const list: Chunk = { name: 'LIST', body: Uint8Array.of(1, 2, 3) }
    expect(parseWav(riff(fmt(1, 1, 8000, 16), data(), list)).samples).toHaveLength(0)
    expect(parseWav(riff(fmt(1, 1, 8000, 16), data())).samples).toHaveLength(0)
  })

  it('leaves out a frame that a recording was cut off in', () => {
    expect([...parseWav(riff(fmt(1, 2, 8000, 16), data(0, 0x40, 0, 0x20, 1, 2))).samples]).toEqual([0.5, 0.25])
  })

  it('keeps the channels of a frame side by side, and mixes them on demand', () => {
    const stereo = parseWav(riff(fmt(1, 2, 44100, 16), data(0, 0x40, 0, 0, 0, 0x20, 0, 0xe0)))
    expect(stereo.numChannels).toBe(2)
    expect([...stereo.samples]).toEqual([0.5, 0, 0.25, -0.25])
    expect([...mixToMono(stereo)]).toEqual([0.25, 0])
  })

  it.each([
    ['another file', new TextEncoder().encode('OggS and so on'), 'expected RIFF … WAVE at its start, got "OggS".'],
    [
      'data cut off',
      riff(fmt(1, 1, 8000, 16), data(1, 2, 3, 4)).subarray(0, 46),
      "expected 4 bytes in the chunk 'data' at byte offset 36, got 2.",
    ],
    ['no data', riff(fmt(1, 1, 8000, 16)), "expected a chunk 'data', got none."],
    ['no format', riff(data(1, 2)), "expected the chunk 'fmt ' before the chunk 'data', got none."],
    [
      'a compressed format',
      riff(fmt(0x11, 1, 8000, 4), data(1, 2)),
      'got format 17 with 4 bits in blocks of 1 bytes for 1 channels. Convert it to 16-bit PCM.',
    ],
    [
      'no channels',
      riff(fmt(1, 0, 8000, 16), data(1, 2)),
      'expected channels and 1 to 1000000 samples a second, got 0 and 8000.',
    ],
    ['an absurd sample rate', riff(fmt(1, 1, 2 ** 32 - 1, 16), data(1, 2)), 'got 1 and 4294967295.'],
    [
      'samples that are no numbers',
      riff(fmt(3, 1, 8000, 32), data(...le(Float32Array.of(0, Number.NaN)))),
      'expected finite samples, got NaN in frame 1.',
    ],
    [
      'infinite samples',
      riff(fmt(3, 2, 8000, 64), data(...le(Float64Array.of(0, 0, 0, 1e300)))),
      'expected finite samples, got 1e+300 in frame 1.',
    ],
    [
      'blocks that do not fit the channels',
      riff(blocks(fmt(1, 2, 8000, 16), 5), data(1, 2, 3, 4, 5)),
      'with 16 bits in blocks of 5 bytes for 2 channels',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseWav(bytes, { file: 'a.wav' })).toThrow(message)
    expect(() => parseWav(bytes, { file: 'a.wav' })).toThrow(/^a\.wav: /)
  })
})
