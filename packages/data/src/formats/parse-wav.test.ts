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
      'got format 17 with 4 bits. Convert it to 16-bit PCM.',
    ],
    ['half a frame', riff(fmt(1, 2, 8000, 16), data(1, 2)), 'expected whole frames of 4 bytes, got 2 bytes of data.'],
    ['no channels', riff(fmt(1, 0, 8000, 16), data(1, 2)), 'expected channels and a sample rate, got 0 and 8000.'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseWav(bytes, { file: 'a.wav' })).toThrow(message)
    expect(() => parseWav(bytes, { file: 'a.wav' })).toThrow(/^a\.wav: /)
  })
})
