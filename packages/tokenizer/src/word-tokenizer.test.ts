import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tokenizer, trainCharTokenizer, trainWordTokenizer } from './index.ts'

const SENTENCES = [
  '나는 학교에 갔다.',
  'I (really) don\'t "know", do you?',
  '그는 "네!"라고 말했다.',
  'e-mail: a_b@c.org 3.14',
]

describe('trainWordTokenizer', () => {
  it('gives the usual special tokens their ids', () => {
    const tokenizer = trainWordTokenizer(SENTENCES)
    expect(['<pad>', '<unk>', '<sos>', '<eos>'].map((token) => tokenizer.tokenToId(token))).toEqual([0, 1, 2, 3])
    expect(tokenizer.encode('모르는 말.').tokens).toEqual(['<unk>', '<unk>', '￭.'])
  })

  it('restores the spacing of Korean and English sentences', () => {
    const tokenizer = trainWordTokenizer(SENTENCES)
    const restored = Tokenizer.fromJSON(JSON.stringify(tokenizer))
    for (const sentence of SENTENCES) {
      expect(tokenizer.decode(tokenizer.encode(sentence).ids)).toBe(sentence)
      expect(restored.encodeIds(sentence)).toEqual(tokenizer.encodeIds(sentence))
    }
    const word = fc.constantFrom('나는', 'don', "'", '.', '(', ')', '"', '3', '-', '…', '😀', ' ')
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join('').trim().replace(/ +/g, ' ')
        const known = trainWordTokenizer([text])
        expect(known.decode(known.encodeIds(text))).toBe(text)
      }),
    )
  })

  it('composes Hangul and, if told, lowers case', () => {
    const tokenizer = trainWordTokenizer(['한글 Word'], { lowercase: true })
    expect(tokenizer.encode('\u1112\u1161\u11ab글 WORD').tokens).toEqual(['한글', 'word'])
  })

  it('keeps the most frequent words', () => {
    const tokenizer = trainWordTokenizer(['a a a b b c'], { minFrequency: 2, vocabSize: 5, specialTokens: ['<unk>'] })
    expect([...tokenizer.vocabulary().keys()]).toEqual(['<unk>', 'a', 'b'])
  })
})

describe('trainCharTokenizer', () => {
  it('decodes every text of known characters, line feeds included', () => {
    const tokenizer = trainCharTokenizer(['ab 가😀', 'c'])
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '가', '😀', '\n') }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text).ids)).toBe(text)
      }),
    )
    expect(Tokenizer.fromJSON(JSON.stringify(tokenizer)).encodeIds('a\n😀')).toEqual(tokenizer.encodeIds('a\n😀'))
  })

  it('makes unknown characters an error, or the unknown token', () => {
    expect(() => trainCharTokenizer(['ab']).encode('x')).toThrow(/"x"/)
    const tokenizer = trainCharTokenizer(['ab'], { specialTokens: ['<pad>', '<unk>'] })
    expect(tokenizer.encode('ax').tokens).toEqual(['a', '<unk>'])
    expect(tokenizer.decode(tokenizer.encodeIds('ax'))).toBe('a')
  })
})
