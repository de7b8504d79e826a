import { sentencePieceTokenizer } from '@heddle/tokenizer/formats'
import fc from 'fast-check'
import { type FuzzTarget, readOrRefused } from '../fuzz.ts'
import { mutated } from '../mutations.ts'

const TEXT = 'the loom, 가나 😀 <unk> ABC 12'

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
const field = (number: number, content: readonly number[]) => [
  ...varint(8 * number + 2),
  ...varint(content.length),
  ...content,
]
const number = (at: number, value: number) => [...varint(8 * at), ...varint(value)]
const utf8 = (text: string) => [...new TextEncoder().encode(text)]
const score = (value: number) => [0x15, ...new Uint8Array(Float32Array.of(value).buffer)]

/** A SentencePiece model: pieces, the trainer's and the normalizer's settings. */
const sentencePieces = fc
  .record({
    pieces: fc.array(
      fc.tuple(
        fc.constantFrom('<unk>', '<s>', '\u2581', 't', 'he', '\u2581the', '<0x41>', ''),
        fc.constantFrom(1, 1, 2, 3, 4, 5, 6),
      ),
      { maxLength: 8 },
    ),
    modelType: fc.constantFrom(1, 2, 3, 4, 9),
    flags: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  })
  .map(({ pieces, modelType, flags }) =>
    Uint8Array.from([
      ...field(1, [...field(1, utf8('<unk>')), ...score(0), ...number(3, 2)]),
      ...pieces.flatMap(([piece, type], i) => field(1, [...field(1, utf8(piece)), ...score(-i), ...number(3, type)])),
      ...field(2, number(3, modelType)),
      ...field(
        3,
        flags.flatMap((flag, i) => number(3 + i, Number(flag))),
      ),
    ]),
  )

export const sentencePieceTarget: FuzzTarget<Uint8Array> = {
  name: 'SentencePiece model',
  inputs: mutated(sentencePieces),
  async check(bytes) {
    const tokenizer = await readOrRefused(() => sentencePieceTokenizer(bytes, 'a.model'))
    if (tokenizer === undefined) return
    const ids = await readOrRefused(() => [...tokenizer.encodeIds(TEXT)])
    if (ids !== undefined) await readOrRefused(() => tokenizer.decode(ids))
  },
}
