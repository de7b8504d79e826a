import { describe, expect, it } from 'vitest'
import { Tokenizer } from '../tokenizer.ts'

/** A field of a protobuf message that holds bytes; all are short. */
const field = (number: number, bytes: readonly number[]) => [(number << 3) | 2, bytes.length, ...bytes]
const utf8 = (text: string) => [...new TextEncoder().encode(text)]
const float = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)]
const modelOf = (pieces: readonly (readonly [piece: string, score: number])[], trainer: readonly number[] = []) =>
  Uint8Array.from([
    ...pieces.flatMap(([piece, score]) => field(1, [...field(1, utf8(piece)), (2 << 3) | 5, ...float(score)])),
    ...field(2, trainer),
  ])

const SOURCE = modelOf([
  ['▁a', -1],
  ['▁loom', -2],
  ['▁', -3],
  ['l', -4],
  ['o', -4],
  ['m', -4],
])
const TARGET = modelOf([
  ['▁', -1],
  ['베틀', -2],
])
const IDS = { '</s>': 0, '<unk>': 1, 베틀: 2, '▁loom': 3, '▁a': 4, '▁': 5, o: 6, l: 7, m: 8, '>>kor<<': 9, '<pad>': 10 }
const folderOf = (files: Readonly<Record<string, Uint8Array | object>>) => ({
  read: async (path: string) => {
    const file = files[path]
    return file === undefined || file instanceof Uint8Array ? file : new TextEncoder().encode(JSON.stringify(file))
  },
})
const files = { 'source.spm': SOURCE, 'target.spm': TARGET, 'vocab.json': IDS }

describe('the tokenizer of a Marian folder', () => {
  it("has the ids of vocab.json, splits by the side's own model, and ends a text", async () => {
    const source = await Tokenizer.fromFolder(folderOf(files))
    expect(source.encodeIds('a loom')).toEqual([4, 3, 0])
    expect(source.encodeIds('mol')).toEqual([5, 8, 6, 7, 0])
    expect(source.encodeIds('>>kor<< a x')).toEqual([9, 4, 5, 1, 0])
    const target = await Tokenizer.fromFolder(folderOf(files), { side: 'target' })
    expect(target.encodeIds('베틀')).toEqual([5, 2, 0])
    expect(target.decode([5, 2, 0, 10])).toBe('베틀')
    const again = Tokenizer.fromJSON(JSON.parse(JSON.stringify(source)))
    expect(again.encodeIds('>>kor<< a loom')).toEqual([9, 4, 3, 0])
  })

  it('says what is wrong with its files', async () => {
    const { '<unk>': _, ...rest } = IDS
    const read = (changed: Readonly<Record<string, Uint8Array | object>>) =>
      Tokenizer.fromFolder(folderOf({ ...files, ...changed }))
    await expect(read({ 'vocab.json': rest })).rejects.toThrow(/vocab\.json: expected the id 1, got 2/)
    await expect(read({ 'vocab.json': { a: 0 } })).rejects.toThrow(/expected the tokens <\/s> and <unk>/)
    await expect(read({ 'source.spm': modelOf([['a', 0]], [3 << 3, 2]) })).rejects.toThrow(
      /source\.spm: expected a Unigram model, got bpe/,
    )
  })
})
