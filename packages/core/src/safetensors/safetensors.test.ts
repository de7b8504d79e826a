import { describe, expect, test } from 'vitest'
import { floatTensor, intTensor } from './raw-tensor.ts'
import { readSafetensors } from './read-safetensors.ts'
import { tensorValues } from './tensor-values.ts'
import { writeSafetensors } from './write-safetensors.ts'

/** A file with this header text and this many bytes of data. */
function file(header: string, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

const entry = (begin: number, end: number, dtype = 'F32', shape = [(end - begin) / 4]) =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] })

test('what is written reads back the same, with odd names and empty tensors', () => {
  const tensors = new Map([
    ['a.weight', floatTensor([2, 3], Float32Array.of(1, -2, 3.5, 0, 1e-30, Number.NaN))],
    ['ids', intTensor([2], Int32Array.of(-7, 2 ** 31 - 1))],
    ['__proto__', floatTensor([], Float32Array.of(4))],
    ['none', floatTensor([0, 5], new Float32Array(0))],
  ])
  const { tensors: read, metadata } = readSafetensors(writeSafetensors(tensors, { format: 'pt' }))
  expect([...read.keys()]).toEqual([...tensors.keys()])
  expect(metadata).toEqual({ format: 'pt' })
  for (const [name, tensor] of tensors) {
    expect(read.get(name)!.shape).toEqual(tensor.shape)
    expect(tensorValues(read.get(name)!)).toEqual(tensorValues(tensor))
  }
})

test('the data start at a multiple of eight', () => {
  const bytes = writeSafetensors(new Map([['x', floatTensor([1], Float32Array.of(1))]]))
  expect((bytes.length - 4) % 8).toBe(0)
})

test('half, bfloat, double and long values are converted', () => {
  const raw = (dtype: string, bytes: ArrayBuffer, shape: number[]) =>
    ({ dtype, shape, bytes: new Uint8Array(bytes) }) as never
  expect([...tensorValues(raw('F16', Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00).buffer, [4]))]).toEqual([
    1,
    -2,
    2 ** -24,
    Number.POSITIVE_INFINITY,
  ])
  expect([...tensorValues(raw('BF16', Uint16Array.of(0x3f80, 0xc0a0).buffer, [2]))]).toEqual([1, -5])
  expect([...tensorValues(raw('F64', Float64Array.of(0.5).buffer, [1]))]).toEqual([0.5])
  expect([...tensorValues(raw('I64', BigInt64Array.of(-3n).buffer, [1]))]).toEqual([-3])
  expect([...tensorValues(raw('BOOL', Uint8Array.of(1, 0).buffer, [2]))]).toEqual([1, 0])
  expect(() => tensorValues(raw('I64', BigInt64Array.of(2n ** 40n).buffer, [1]))).toThrow(/32 bits/)
})

test('values read the same from a Buffer that lies inside a larger one', () => {
  const whole = Buffer.from([9, 9, 9, 9, 0, 0, 128, 63, 9, 9, 9, 9])
  expect([...tensorValues({ dtype: 'F32', shape: [1], bytes: whole.subarray(4, 8) })]).toEqual([1])
})

describe('hostile files', () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ['too short', new Uint8Array(3), /at least 8 bytes/],
    ['absurd header size', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), /header of at most/],
    [
      'header longer than the file',
      Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 1, 2),
      /header of 200 bytes, got a file of 10 bytes/,
    ],
    ['not JSON', file('{"a":'), /UTF-8 JSON/],
    ['not UTF-8', file('{"a":1}').with(9, 0xff), /UTF-8 JSON/],
    ['not an object', file('[1]'), /header object/],
    ['duplicate names', file(`{"x":${entry(0, 4)},"x":${entry(0, 4)}}`, 4), /"x" twice/],
    ['duplicate names, one escaped', file(`{"x":${entry(0, 4)},"\\u0078":${entry(0, 4)}}`, 4), /"x" twice/],
    [
      'a key twice inside an entry',
      file(`{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4),
      /"dtype" twice/,
    ],
    ['a key twice in the metadata', file('{"__metadata__":{"a":"1","a":"2"}}'), /"a" twice/],
    ['a byte order mark', file('\uFEFF{}'), /UTF-8 JSON/],
    ['a dtype that is no name', file(`{"x":${entry(0, 4, 'constructor')}}`, 4), /expected a dtype such as F32/],
    [
      'size and shape of a newer dtype disagree',
      file(`{"x":${entry(0, 4, 'F8_E4M3', [3])}}`, 4),
      /expected 3 bytes for F8_E4M3 \[3\], got 4/,
    ],
    ['metadata that is a list', file('{"__metadata__":["a"]}'), /expected an object of strings/],
    ['metadata that is null', file('{"__metadata__":null}'), /expected an object of strings/],
    [
      'a name nested too deep',
      file(`{"x":{"dtype":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`),
      /expected a dtype such as F32/,
    ],
    ['negative size', file(`{"x":${entry(0, 4, 'F32', [-1])}}`, 4), /non-negative integers/],
    ['offsets past the end', file(`{"x":${entry(0, 8)}}`, 4), /offsets within the 4 bytes/],
    ['offsets backwards', file('{"x":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}', 4), /offsets within/],
    ['size and shape disagree', file(`{"x":${entry(0, 4, 'F32', [2])}}`, 4), /expected 8 bytes for F32 \[2\], got 4/],
    ['overlapping tensors', file(`{"x":${entry(0, 8)},"y":${entry(4, 12)}}`, 12), /overlaps/],
    ['hole between tensors', file(`{"x":${entry(0, 4)},"y":${entry(8, 12)}}`, 12), /hole/],
    ['data left over', file(`{"x":${entry(0, 4)}}`, 12), /expected 4 bytes of data, got 12/],
    ['size overflow', file(`{"x":${entry(0, 0, 'F32', [2 ** 50, 2 ** 50, 0])}}`, 4), /expected 0 bytes of data, got 4/],
    ['metadata that is no text', file('{"__metadata__":{"a":1}}'), /expected a string/],
  ]
  test.each(cases)('%s is refused', (_, bytes, message) => {
    expect(() => readSafetensors(bytes, 'model.safetensors')).toThrow(message)
    expect(() => readSafetensors(bytes, 'model.safetensors')).toThrow(/^model\.safetensors: /)
  })

  test('no damaged byte gives anything but a clear error or a valid file', () => {
    const good = writeSafetensors(
      new Map([
        ['x', floatTensor([2], Float32Array.of(1, 2))],
        ['y', intTensor([1], Int32Array.of(3))],
      ]),
    )
    for (let at = 0; at < good.length; at++) {
      for (const flip of [1, 0x20, 0x80]) {
        const bytes = good.slice()
        bytes[at]! ^= flip
        try {
          readSafetensors(bytes)
        } catch (error) {
          expect(error).toMatchObject({ name: 'HeddleError', code: 'format' })
        }
      }
    }
  })
})

test('newer dtypes are read as bytes, and refused only where their values are asked for', () => {
  const header = `{"a":${entry(0, 4, 'F8_E4M3', [2, 2])},"b":${entry(4, 5, 'F4', [2])},"c":${entry(5, 8, 'X_NEW', [9])}}`
  const { tensors } = readSafetensors(file(header, 8))
  expect([...tensors].map(([name, { dtype, bytes }]) => [name, dtype, bytes.length])).toEqual([
    ['a', 'F8_E4M3', 4],
    ['b', 'F4', 1],
    ['c', 'X_NEW', 3],
  ])
  expect(() => tensorValues(tensors.get('a')!)).toThrow(
    'tensorValues: expected floats of 16 to 64 bits, integers or booleans, got the dtype "F8_E4M3". Convert the tensor.',
  )
  expect(readSafetensors(writeSafetensors(tensors)).tensors.get('b')).toEqual(tensors.get('b'))
})

test('a key may occur once in each object', () => {
  const header = `{"__metadata__":{"x":"1","dtype":"2"},"x":${entry(0, 4)},"y":${entry(4, 8)}}`
  expect([...readSafetensors(file(header, 8)).tensors.keys()]).toEqual(['x', 'y'])
})

test('bytes that do not fit the shape are not written', () => {
  expect(() => writeSafetensors(new Map([['x', floatTensor([3], Float32Array.of(1))]]))).toThrow(/expected 12 bytes/)
})
