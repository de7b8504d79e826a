import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseImageSet } from './parse-image-set.ts'

const bytes = Uint8Array.from({ length: 2 * 3 * 4 * 3 }, (_, i) => i)

test('pictures are read from raw bytes, their shape from the name', async () => {
  const { shape, data } = await parseImageSet(bytes, { file: 'data/7x7/images_2x3x4x3_u8.bin' })
  expect(shape).toEqual([2, 3, 4, 3])
  expect(data).toEqual(bytes)
})

test('packed bytes are unpacked', async () => {
  const { data } = await parseImageSet(new Uint8Array(gzipSync(bytes)), { file: 'images_2x3x4x3_u8.bin.gz' })
  expect([...data]).toEqual([...bytes])
})

test('a shape may be given instead', async () => {
  expect((await parseImageSet(bytes, { file: 'pictures.bin', shape: [6, 4, 3] })).shape).toEqual([6, 4, 3])
})

test('a wrong number of bytes and a name without a shape are refused', async () => {
  await expect(parseImageSet(bytes, { file: 'images_2x3x4x4.bin' })).rejects.toThrow(
    'images_2x3x4x4.bin: expected 96 bytes for the shape 2x3x4x4, got 72.',
  )
  await expect(parseImageSet(bytes, { file: 'images.bin' })).rejects.toThrow(/images.bin: expected a shape/)
})
