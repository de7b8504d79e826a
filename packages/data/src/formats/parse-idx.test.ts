import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseIdx } from './parse-idx.ts'

const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 253, 254, 255)

describe('parseIdx', () => {
  it('reads shape and bytes, packed or not', async () => {
    const array = { shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 253, 254, 255) }
    expect(await parseIdx(images)).toEqual(array)
    expect(await parseIdx(gzipSync(images))).toEqual(array)
  })

  it('reads every element type, most significant byte first', async () => {
    const vector = (type: number, ...bytes: number[]) => parseIdx(Uint8Array.of(0, 0, type, 1, 0, 0, 0, 1, ...bytes))
    expect((await vector(9, 0xff)).data).toEqual(Int8Array.of(-1))
    expect((await vector(0x0b, 0xff, 0xfe)).data).toEqual(Int16Array.of(-2))
    expect((await vector(0x0c, 0, 1, 0, 2)).data).toEqual(Int32Array.of(65538))
    expect((await vector(0x0d, 0x3f, 0xc0, 0, 0)).data).toEqual(Float32Array.of(1.5))
    expect((await vector(0x0e, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0)).data).toEqual(Float64Array.of(-1.5))
  })

  it('reads a view that does not start at its buffer and keeps no hold on it', async () => {
    const buffer = new Uint8Array(images.length + 3)
    buffer.set(images, 3)
    const { data } = await parseIdx(buffer.subarray(3))
    buffer.fill(0)
    expect(data[5]).toBe(255)
  })

  it.each([
    ['another magic number', Uint8Array.of(1, 0, 8, 1), 'expected the magic number 00 00, got 01 00.'],
    [
      'an unknown element type',
      Uint8Array.of(0, 0, 10, 1),
      'expected an element type of 08, 09, 0b, 0c, 0d or 0e, got 0a.',
    ],
    ['a header cut off', images.subarray(0, 9), 'expected a header of 16 bytes, got a file of 9 bytes.'],
    ['data cut off', images.subarray(0, 20), 'expected 6 bytes of data for [2, 1, 3], got 4.'],
    ['data left over', Uint8Array.of(...images, 0), 'expected 6 bytes of data for [2, 1, 3], got 7.'],
    ['a packed file cut off', gzipSync(images).subarray(0, 20), 'expected gzip data, got 20 bytes that do not unpack.'],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(parseIdx(bytes, { file: 'i.gz' })).rejects.toThrow(`i.gz: ${message}`)
  })
})
