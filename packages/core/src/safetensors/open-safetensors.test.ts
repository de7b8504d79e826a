import { expect, test } from 'vitest'
import { fileOfBlob, fileOfBytes, type RandomAccessFile } from '../files.ts'
import { openSafetensors } from './open-safetensors.ts'
import { floatTensor, intTensor } from './raw-tensor.ts'
import { readSafetensors } from './read-safetensors.ts'
import { takeValues, tensorValues } from './tensor-values.ts'
import { writeSafetensors } from './write-safetensors.ts'

const bytes = writeSafetensors(
  new Map([
    ['a', floatTensor([2, 2], Float32Array.of(1, 2, 3, 4))],
    ['b', intTensor([3], Int32Array.of(5, 6, 7))],
  ]),
  { format: 'pt' },
)

test.each([
  ['bytes', () => fileOfBytes(bytes)],
  ['a blob', () => fileOfBlob(new Blob([new Uint8Array(bytes)]))],
])('reads of %s what reading them whole gives', async (_, open) => {
  const source = await openSafetensors(open())
  const { tensors, metadata } = readSafetensors(bytes)
  expect(source.metadata).toEqual(metadata)
  for (const [name, tensor] of tensors) {
    expect(source.tensors.get(name)).toMatchObject({ dtype: tensor.dtype, shape: tensor.shape })
    expect(tensorValues(await source.read(name))).toEqual(tensorValues(tensor))
  }
})

test('reads no more than the header and the tensors that are asked for', async () => {
  const ranges: [number, number][] = []
  const file = fileOfBytes(bytes)
  const watched: RandomAccessFile = {
    ...file,
    read: (begin, end) => {
      ranges.push([begin, end])
      return file.read(begin, end)
    },
  }
  const source = await openSafetensors(watched)
  await source.read('b')
  const dataStart = bytes.length - 28
  expect(ranges).toEqual([
    [0, 8],
    [8, dataStart],
    [dataStart + 16, bytes.length],
  ])
})

test('a file that is cut short is refused, before and after it is opened', async () => {
  const short = bytes.subarray(0, bytes.length - 4)
  await expect(openSafetensors(fileOfBytes(short), 'model.safetensors')).rejects.toThrow(
    /^model\.safetensors: tensor "b": expected offsets within/,
  )
  await expect(openSafetensors(fileOfBytes(bytes.subarray(0, 3)))).rejects.toThrow(/at least 8 bytes, got 3/)
  const shrinking = { ...fileOfBytes(short), size: bytes.length }
  const source = await openSafetensors(shrinking)
  await expect(source.read('b')).rejects.toThrow(/expected 12 bytes of 'b', got 8/)
})

test('values are taken over without a copy where nobody else has the bytes', () => {
  const owned = floatTensor([2], Float32Array.of(1, 2))
  expect(takeValues(owned).buffer).toBe(owned.bytes.buffer)
  const inside = { ...owned, shape: [1], bytes: owned.bytes.subarray(4) }
  expect(takeValues(inside)).toEqual(Float32Array.of(2))
  expect(takeValues(inside).buffer).not.toBe(owned.bytes.buffer)
})

test('every half and every bfloat16 has the value that its bits say', () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i)
  const raw = (dtype: string) => ({ dtype, shape: [2 ** 16], bytes: new Uint8Array(bits.buffer) })
  const halves = tensorValues(raw('F16'))
  const view = new DataView(new ArrayBuffer(4))
  const bfloats = tensorValues(raw('BF16'))
  for (let i = 0; i < bits.length; i++) {
    const [sign, exponent, fraction] = [i >> 15 ? -1 : 1, (i >> 10) & 31, i & 1023]
    const expected =
      exponent === 31
        ? fraction === 0
          ? sign * Number.POSITIVE_INFINITY
          : Number.NaN
        : sign * 2 ** Math.max(exponent - 15, -14) * (Math.min(exponent, 1) + fraction / 1024)
    view.setUint32(0, i << 16)
    if (!Object.is(halves[i], expected) || !Object.is(bfloats[i], view.getFloat32(0))) {
      expect([i, halves[i], bfloats[i]]).toEqual([i, expected, view.getFloat32(0)])
    }
  }
})
