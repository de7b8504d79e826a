import { gzipSync } from 'node:zlib'
import { floatTensor, intTensor, type RawTensor, readSafetensors, tensorValues, writeSafetensors } from '@heddle/core'
import { gunzip, LogMel, mixToMono, parseIdx, parseImageSet, parseWav } from '@heddle/data'
import { NgramModel } from '@heddle/ngram'
import fc from 'fast-check'
import { type FuzzTarget, readOrRefused } from '../fuzz.ts'
import { mutated } from '../mutations.ts'

/** Most bytes that a small gzip file may unpack to. */
const GZIP_LIMIT = 2 ** 26

const members = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 4 })

export const gzipTarget: FuzzTarget<Uint8Array> = {
  name: 'gzip',
  inputs: mutated(
    fc.oneof(
      members.map((contents) => Buffer.concat(contents.map((content) => gzipSync(content)))),
      fc.nat({ max: 2 ** 20 }).map((size) => gzipSync(new Uint8Array(size))),
    ),
  ),
  async check(bytes) {
    const content = await readOrRefused(() => gunzip(bytes, { file: 'a.gz' }))
    if (content !== undefined && content.length > GZIP_LIMIT) throw new Error(`got ${content.length} bytes`)
  },
}

export const gzipMembersTarget: FuzzTarget<readonly Uint8Array[]> = {
  name: 'gzip, members',
  inputs: members,
  async check(contents) {
    const got = await gunzip(Buffer.concat(contents.map((content) => gzipSync(content))))
    if (Buffer.compare(got, Buffer.concat(contents)) !== 0) throw new Error(`got ${got}`)
  },
}

const idxFiles = fc
  .record({
    type: fc.constantFrom(8, 9, 11, 12, 13, 14),
    shape: fc.array(fc.nat({ max: 4 }), { maxLength: 4 }),
    isPacked: fc.boolean(),
  })
  .map(({ type, shape, isPacked }) => {
    const bytesEach = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 }[type]!
    const size = shape.reduce((product, n) => product * n, bytesEach)
    const header = [0, 0, type, shape.length, ...shape.flatMap((n) => [0, 0, 0, n])]
    const bytes = Uint8Array.from([...header, ...Array.from({ length: size }, (_, i) => (i * 37) % 256)])
    return isPacked ? new Uint8Array(gzipSync(bytes)) : bytes
  })

export const idxTarget: FuzzTarget<Uint8Array> = {
  name: 'IDX',
  inputs: mutated(idxFiles),
  async check(bytes) {
    const array = await readOrRefused(() => parseIdx(bytes, { file: 'a.idx' }))
    if (array === undefined) return
    if (array.data.length !== array.shape.reduce((product, n) => product * n, 1)) throw new Error('a wrong size')
  },
}

export const imageSetTarget: FuzzTarget<{ bytes: Uint8Array; file: string }> = {
  name: 'sets of pictures',
  inputs: fc.record({
    bytes: mutated(fc.constantFrom(new Uint8Array(24), new Uint8Array(gzipSync(new Uint8Array(24))))),
    file: fc.oneof(
      fc.constantFrom('a_2x2x2x3.bin', 'a_4x3x2.bin.gz', 'x_99999999x99999999x99999999x3', 'a_0x2x2x3', 'a.bin'),
      fc.array(fc.constantFrom('1', '2', 'x', '_', 'a', '9'), { maxLength: 40 }).map((parts) => parts.join('')),
    ),
  }),
  async check({ bytes, file }) {
    await readOrRefused(() => parseImageSet(bytes, { file: `f${file}` }))
  },
}

interface WavFields {
  readonly code: number
  readonly channels: number
  readonly rate: number
  readonly block: number
  readonly bits: number
  readonly extra: Uint8Array
  readonly size: number
  readonly data: Uint8Array
}

function wavFile({ code, channels, rate, block, bits, extra, size, data }: WavFields): Uint8Array {
  const head = Buffer.alloc(28 + extra.length + 16)
  head.write('RIFF\0\0\0\0WAVEfmt ', 'latin1')
  head.writeUInt32LE(16 + extra.length, 16)
  head.writeUInt16LE(code, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt16LE(block, 32)
  head.writeUInt16LE(bits, 34)
  head.set(extra, 36)
  head.write('data', 36 + extra.length, 'latin1')
  head.writeUInt32LE(size < 0 ? data.length : size, 40 + extra.length)
  return Buffer.concat([head, data])
}

const wavFiles = fc
  .record({
    code: fc.constantFrom(1, 1, 1, 3, 0xfffe, 2, 7),
    channels: fc.constantFrom(1, 1, 2, 3, 0, 65_535),
    rate: fc.constantFrom(8000, 44_100, 0, 1, 999_999, 1_000_001, 2 ** 32 - 1),
    block: fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 16, 0, 65_535),
    bits: fc.constantFrom(8, 12, 16, 20, 24, 32, 64, 0, 1, 255),
    extra: fc.constantFrom(
      new Uint8Array(0),
      Uint8Array.from({ length: 24 }, (_, i) => (i === 8 ? 1 : 0)),
    ),
    size: fc.constantFrom(-1, -1, -1, 0, 1, 2 ** 31, 2 ** 32 - 1, 0x7ffff000),
    data: fc.uint8Array({ maxLength: 96 }),
  })
  .map(wavFile)

export const wavTarget: FuzzTarget<Uint8Array> = {
  name: 'WAV',
  inputs: mutated(wavFiles),
  async check(bytes) {
    const wav = await readOrRefused(() => parseWav(bytes, { file: 'a.wav' }))
    if (wav === undefined) return
    if (wav.samples.length > bytes.length) throw new Error(`got ${wav.samples.length} samples`)
    if (!wav.samples.every(Number.isFinite)) throw new Error('got samples that are not finite')
    const frames = await readOrRefused(() =>
      new LogMel({ sampleRate: wav.sampleRate, numMels: 8 }).frames(mixToMono(wav)),
    )
    if (frames !== undefined && !frames.data.every(Number.isFinite)) throw new Error('got frames that are not finite')
  },
}

const dtypes = fc.constantFrom(
  'F32',
  'F64',
  'F16',
  'BF16',
  'I32',
  'I64',
  'U8',
  'BOOL',
  'F8_E4M3',
  'F4',
  'X1',
  'f32',
  '',
)
const headerNumber = fc.oneof(fc.nat({ max: 16 }), fc.constantFrom(-1, 0.5, 2 ** 53, 1e300, 2 ** 31))

/** Headers that are JSON, with entries that may not fit. */
const headers = fc
  .array(
    fc.tuple(
      fc.constantFrom('"a"', '"b"', '"__metadata__"', '"__proto__"', '"\\u0061"'),
      fc.oneof(
        fc
          .record({
            dtype: dtypes,
            shape: fc.array(headerNumber, { maxLength: 3 }),
            data_offsets: fc.array(headerNumber, { maxLength: 3 }),
          })
          .map((entry) => JSON.stringify(entry)),
        fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
        fc.constantFrom(20_000, 100).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
        fc.constant('{"format":"pt","format":"np"}'),
      ),
    ),
    { maxLength: 3 },
  )
  .map((entries) => {
    const json = new TextEncoder().encode(`{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`)
    const bytes = new Uint8Array(8 + json.length + 32)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
    bytes.set(json, 8)
    return bytes
  })

const goodTensors: readonly (readonly [string, RawTensor])[] = [
  ['weight', floatTensor([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
  ['ids', intTensor([2], Int32Array.of(-1, 7))],
  ['low', { dtype: 'F8_E5M2', shape: [3], bytes: Uint8Array.of(1, 2, 3) }],
]
const goodFiles = fc
  .subarray([...goodTensors])
  .map((tensors) => writeSafetensors(new Map(tensors), { format: 'pt', note: 'x' }))

export const safetensorsTarget: FuzzTarget<Uint8Array> = {
  name: 'safetensors',
  inputs: fc.oneof(mutated(goodFiles), headers, mutated(headers)),
  async check(bytes) {
    const file = await readOrRefused(() => readSafetensors(bytes, 'a.safetensors'))
    for (const tensor of file?.tensors.values() ?? []) {
      const values = await readOrRefused(() => tensorValues(tensor))
      const size = tensor.shape.reduce((product, n) => product * n, 1)
      if (values !== undefined && values.length !== size) throw new Error(`got ${values.length} values of ${size}`)
    }
    // What was read writes and reads back the same.
    if (file !== undefined) {
      const again = readSafetensors(writeSafetensors(file.tensors, file.metadata))
      if (again.tensors.size !== file.tensors.size) throw new Error('tensors were lost')
    }
  },
}

const ngramFiles = fc
  .record({
    ids: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 30 }),
    order: fc.integer({ min: 1, max: 4 }),
    hasBegin: fc.boolean(),
  })
  .map(({ ids, order, hasBegin }) => {
    const options = { order, vocabSize: 4 }
    return (hasBegin ? NgramModel.fromSequences([ids], options) : NgramModel.fromStream(ids, options)).toBytes()
  })

export const ngramTarget: FuzzTarget<Uint8Array> = {
  name: 'n-gram model',
  inputs: mutated(ngramFiles),
  async check(bytes) {
    const model = await readOrRefused(() => NgramModel.fromBytes(bytes, { file: 'a.ngram' }))
    if (model === undefined) return
    const sum = model.logProbabilities([0]).reduce((total, value) => total + Math.exp(value), 0)
    if (Math.abs(sum - 1) > 1e-6) throw new Error(`got probabilities that sum to ${sum}`)
  },
}
