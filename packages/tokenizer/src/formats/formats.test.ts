import { describe, expect, it } from 'vitest'
import {
  bertTokenizer,
  gpt2Tokenizer,
  readMergesTxt,
  readSentencePieceModel,
  readVocabJson,
  readVocabTxt,
  robertaTokenizer,
  sentencePieceTokenizer,
} from '../formats.ts'
import { Tokenizer } from '../index.ts'

// A writer of protocol buffers, just large enough for SentencePiece models.
const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...varint(Math.floor(n / 128))])
const field = (number: number, value: number | Uint8Array | number[]): number[] =>
  typeof value === 'number'
    ? [...varint(number * 8), ...varint(value)]
    : [...varint(number * 8 + 2), ...varint(value.length), ...value]
const float = (number: number, value: number): number[] => [
  ...varint(number * 8 + 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
]
const piece = (text: string, score: number, type = 1): number[] =>
  field(1, [...field(1, new TextEncoder().encode(text)), ...float(2, score), ...field(3, type)])

const PIECES: [string, number, number?][] = [
  ['<unk>', 0, 2],
  ['<s>', 0, 3],
  ['▁', -3],
  ['가', -3],
  ['나', -3],
  ['가나', -1],
  ['▁가', -2],
]
const model = (type: number, extra: number[] = []) =>
  Uint8Array.from([
    ...PIECES.flatMap((entry) => piece(...entry)),
    ...field(2, [...field(3, type), ...extra]),
    ...field(3, field(3, 1)),
  ])

describe('vocabulary files', () => {
  const vocab = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nwor\n##ld\n'

  it('reads vocab.txt and makes a BERT tokenizer', () => {
    const encoding = bertTokenizer(vocab).encode('Hello world', '[MASK]')
    expect(encoding.tokens).toEqual(['[CLS]', 'hello', 'wor', '##ld', '[SEP]', '[MASK]', '[SEP]'])
    expect([...encoding.typeIds]).toEqual([0, 0, 0, 0, 0, 1, 1])
    expect(bertTokenizer(vocab, { lowercase: false }).encode('Hello').tokens[1]).toBe('[UNK]')
  })

  it('names the line that is wrong', () => {
    expect(() => readVocabTxt('a\nb\na\n', 'my.txt')).toThrow(
      'my.txt, line 3: expected a new token, got "a" again, which is on line 1 too',
    )
    expect(() => readVocabTxt('a\n\nb')).toThrow('line 2')
    expect(() => bertTokenizer('a\nb')).toThrow('[PAD]')
    expect(() => readMergesTxt('#version: 0.2\na b\nab\n')).toThrow('merges.txt, line 3')
    expect(() => readVocabJson('{"a": ')).toThrow('vocab.json: expected JSON')
    expect(() => readVocabJson('{"a": 0.5}')).toThrow('vocab.json["a"]')
  })

  it('reads vocab.json and merges.txt of GPT-2 and RoBERTa', () => {
    const tokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>', 'l', 'o', 'Ġ', 'lo', 'Ġlo', '<|endoftext|>']
    const json = JSON.stringify(Object.fromEntries(tokens.map((token, id) => [token, id])))
    const merges = '#version: 0.2\nl o\nĠ lo\n'
    const gpt2 = gpt2Tokenizer(json, merges)
    expect(gpt2.encode('lo lo<|endoftext|>').tokens).toEqual(['lo', 'Ġlo', '<|endoftext|>'])
    expect(gpt2.decode(gpt2.encodeIds('lo lo'))).toBe('lo lo')
    const roberta = robertaTokenizer(json, merges)
    expect(roberta.encode('lo <mask>', 'lo').tokens).toEqual(['<s>', 'lo', ' <mask>', '</s>', '</s>', 'lo', '</s>'])
    expect(() => robertaTokenizer('{"l": 0}', '')).toThrow('<mask>')
  })
})

describe('SentencePiece models', () => {
  it('reads unigram models', () => {
    const tokenizer = sentencePieceTokenizer(model(1))
    expect(tokenizer.encode('가나 가').tokens).toEqual(['▁', '가나', '▁가'])
    expect(tokenizer.encode('다').tokens).toEqual(['▁', '다'])
    expect(tokenizer.decode(tokenizer.encodeIds('가나 가'))).toBe('가나 가')
    expect(Tokenizer.fromJSON(JSON.stringify(tokenizer)).encodeIds('가나 가')).toEqual(tokenizer.encodeIds('가나 가'))
  })

  it('reads BPE models, whose merges follow from the scores', () => {
    const tokenizer = sentencePieceTokenizer(model(2))
    // 가나 has the better score, so it is merged before ▁가.
    expect(tokenizer.encode('가나').tokens).toEqual(['▁', '가나'])
    expect(tokenizer.encode('가').tokens).toEqual(['▁가'])
  })

  it('finds user-defined symbols anywhere, and puts one space before the whole text', () => {
    const pieces: typeof PIECES = [...PIECES, ['가나', 0, 4], ['[x]', 0, 4]]
    const file = Uint8Array.from([
      ...pieces.filter(([text], i) => text !== '가나' || i >= PIECES.length).flatMap((entry) => piece(...entry)),
      ...field(2, field(3, 2)),
    ])
    const tokenizer = sentencePieceTokenizer(file)
    expect(tokenizer.encode('[x]가').tokens).toEqual(['▁', '[x]', '가'])
    expect(tokenizer.encode('가  [x]나 ').tokens).toEqual(['▁가', '▁', '[x]', '나'])
    expect(tokenizer.encode('가나가').tokens).toEqual(['▁', '가나', '가'])
    expect(tokenizer.encode('  ').tokens).toEqual([])
    expect(tokenizer.decode(tokenizer.encodeIds('가 [x]나'))).toBe('가 [x]나')
    const again = Tokenizer.fromJSON(JSON.stringify(tokenizer))
    expect(again.encodeIds('[x]가')).toEqual(tokenizer.encodeIds('[x]가'))
  })

  it('reads models whose words end with the mark of a space', () => {
    const pieces: typeof PIECES = [...PIECES, ['가▁', -1]]
    const file = Uint8Array.from([
      ...pieces.filter(([text]) => text !== '▁가').flatMap((entry) => piece(...entry)),
      ...field(2, [...field(3, 1), ...field(24, 1)]),
    ])
    expect(sentencePieceTokenizer(file).encode('나가 가').tokens).toEqual(['나', '가▁', '가▁'])
  })

  it('says what a model holds', () => {
    const read = readSentencePieceModel(model(1, field(35, 1)))
    expect(read).toMatchObject({ modelType: 'unigram', byteFallback: true, addDummyPrefix: true })
    expect(read.pieces[1]).toEqual({ piece: '<s>', score: 0, type: 'control' })
    expect(read.unkSurface).toBe(' \u2047 ')
  })

  it('rejects every damaged file with an error of its own', () => {
    const bytes = model(1)
    expect(() => readSentencePieceModel(new Uint8Array(0))).toThrow(/expected pieces/)
    expect(() => readSentencePieceModel(bytes.subarray(0, 9), 'm.model')).toThrow(/m\.model.*byte/)
    for (let i = 0; i < bytes.length; i++) {
      for (const value of [0, 7, 127, 255]) {
        try {
          sentencePieceTokenizer(bytes.with(i, value)).encode('가나')
        } catch (error) {
          expect(error).toMatchObject({ name: 'HeddleError' })
        }
      }
    }
  })
})
