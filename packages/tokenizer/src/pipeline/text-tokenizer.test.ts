import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { normalizers, preTokenizers, Tokenizer, type TokenizerParts, trainers } from '../index.ts'
import type { Normalizer, PreTokenizer } from './points.ts'

/** The same parts without what the short way needs. */
const withoutShortWay = ({ normalizer, preTokenizer, ...parts }: TokenizerParts): TokenizerParts => ({
  ...parts,
  normalizer:
    normalizer &&
    ({ normalize: (text) => normalizer.normalize(text), toJSON: () => ({ type: 'x' }) } satisfies Normalizer),
  preTokenizer:
    preTokenizer &&
    ({ preTokenize: (text) => preTokenizer.preTokenize(text), toJSON: () => ({ type: 'x' }) } satisfies PreTokenizer),
})

const CORPUS = [
  '나는 학교에 갔다. 한국어 영화 ㅋㅋㅋ',
  'The quick brown fox jumps over the lazy dog, again!',
  "don't 3.14 1,000 café ÀÉÎ",
]

const bytes = new trainers.BPETrainer({ vocabSize: 400, initialAlphabet: preTokenizers.ByteLevel.alphabet() })
const pieces = new trainers.UnigramTrainer({ vocabSize: 90, specialTokens: ['<unk>'], unkToken: '<unk>' })
const words = new trainers.WordPieceTrainer({ vocabSize: 160, specialTokens: ['[UNK]', '[MASK]'] })
const gpt4 = () =>
  new preTokenizers.Split({
    pattern: {
      regex:
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    },
    behavior: 'Isolated',
  })

const pipelines: Record<
  string,
  readonly [trainers.BPETrainer | trainers.UnigramTrainer | trainers.WordPieceTrainer, Omit<TokenizerParts, 'model'>]
> = {
  'BERT without accents': [
    words,
    { normalizer: new normalizers.BertNormalizer(), preTokenizer: new preTokenizers.BertPreTokenizer() },
  ],
  'BERT with accents': [
    words,
    {
      normalizer: new normalizers.BertNormalizer({ stripAccents: false }),
      preTokenizer: new preTokenizers.BertPreTokenizer(),
    },
  ],
  'words and runs of punctuation': [
    words,
    { normalizer: new normalizers.Lowercase(), preTokenizer: new preTokenizers.Whitespace() },
  ],
  'GPT-2': [bytes, { preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }) }],
  'GPT-4': [
    bytes,
    {
      normalizer: new normalizers.NFC(),
      preTokenizer: new preTokenizers.Sequence([
        gpt4(),
        new preTokenizers.ByteLevel({ addPrefixSpace: false, useRegex: false }),
      ]),
    },
  ],
  'one pre-token': [bytes, { preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false, useRegex: false }) }],
  Unigram: [pieces, { normalizer: new normalizers.NFKC(), preTokenizer: new preTokenizers.Metaspace() }],
  'Unigram, first word marked': [
    pieces,
    {
      normalizer: new normalizers.Sequence([new normalizers.Nmt(), new normalizers.NFKC()]),
      preTokenizer: new preTokenizers.Sequence([
        new preTokenizers.WhitespaceSplit(),
        new preTokenizers.Metaspace({ prependScheme: 'first' }),
      ]),
    },
  ],
  'Unigram, every word marked': [
    pieces,
    {
      normalizer: new normalizers.StripAccents(),
      preTokenizer: new preTokenizers.Sequence([new preTokenizers.WhitespaceSplit(), new preTokenizers.Metaspace()]),
    },
  ],
  'Unigram, not split': [
    pieces,
    { preTokenizer: new preTokenizers.Metaspace({ split: false, prependScheme: 'first' }) },
  ],
}

const STRETCHES = [
  '나는',
  ' 학교',
  '에 ',
  '갔다.',
  'ㅋㅋ',
  'ㅠㅠ',
  '\u1112\u1161',
  'The',
  ' Quick',
  ' fox',
  "don't",
  " '",
  're',
  '3.14',
  ' ',
  '  ',
  '\n',
  '\t',
  'É',
  'e\u0301',
  'ﬁ',
  'Ａ',
  '漢',
  '😀',
  '\ud83d',
  '\u0000',
  'İ',
  'Σ',
  '[MASK]',
  '[',
  '<x>',
  'ab c',
  '\u2581',
  '\u00ad',
  '\u3000',
]

describe('texts that take the short way have the tokens of the long way:', () => {
  for (const [name, [trainer, parts]] of Object.entries(pipelines)) {
    it(name, () => {
      const { model } = Tokenizer.train(CORPUS, trainer, parts)
      const addedTokens = [
        { content: '[MASK]', special: true, normalized: false },
        { content: 'ab c', normalized: true },
      ]
      const short = new Tokenizer({ ...parts, model, addedTokens })
      const long = new Tokenizer(withoutShortWay({ ...parts, model, addedTokens }))
      const random = new RandomStream(3)
      const kept: [text: string, encoding: ReturnType<Tokenizer['encode']>, expected: unknown][] = []
      for (let i = 0; i < 500; i++) {
        const stretch = () => STRETCHES[Math.floor(random.uniform() * (i % 2 === 0 ? STRETCHES.length : 17))]
        const text = Array.from({ length: Math.floor(random.uniform() * 9) }, stretch).join('')
        const encoding = short.encode(text)
        const expected = long.encode(text).toJSON()
        expect(short.encodeIds(text), JSON.stringify(text)).toEqual([...encoding.ids])
        if (i % 2 === 0) kept.push([text, encoding, expected])
        else expect(encoding.toJSON(), JSON.stringify(text)).toEqual(expected)
      }
      // Marks are found again later, whatever was encoded and added since then.
      short.addTokens(['the', '나는'])
      for (const [text, encoding, expected] of kept) expect(encoding.toJSON(), JSON.stringify(text)).toEqual(expected)
    })
  }
})

it('an added token is found in texts whose normalized form has it', () => {
  const { model } = Tokenizer.train(CORPUS, words)
  const normalizer = new normalizers.Lowercase()
  const preTokenizer = new preTokenizers.Whitespace()
  const tokenizer = new Tokenizer({ model, normalizer, preTokenizer, addedTokens: ['fox over'] })
  expect(tokenizer.encode('FOX OVER').tokens).toEqual(['fox over'])
})
