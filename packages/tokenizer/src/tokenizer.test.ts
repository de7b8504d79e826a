import { createRegistry, type PartSpec } from '@heddle/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  decoders,
  type Model,
  models,
  normalizers,
  type PreTokenizer,
  type PreTokens,
  postProcessors,
  preTokenizerPoint,
  preTokenizers,
  type TokenBuffer,
  Tokenizer,
  tokenizerModelPoint,
  tokenizerPlugin,
  trainers,
  Vocabulary,
} from './index.ts'

const bytes = preTokenizers.ByteLevel.alphabet()
/** Sequences, each in the next. */
const nested = (depth: number): object => {
  let part: object = { type: 'Lowercase' }
  for (let i = 0; i < depth; i++) part = { type: 'Sequence', normalizers: [part] }
  return part
}

const LINES = ['low lower lowest', 'new newer newest', 'wide wider widest', '나는 학교에 갔다. 나는 밥을 먹었다.']

const byteLevel = (addPrefixSpace = false) =>
  Tokenizer.train(
    LINES,
    new trainers.BPETrainer({ vocabSize: 300, initialAlphabet: bytes, specialTokens: ['<|end|>'] }),
    {
      preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace }),
      decoder: new decoders.ByteLevel(),
    },
  )

// Any string of UTF-16 units, lone surrogates among them.
const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      ' ',
      '  ',
      '\n',
      "'s",
      '가',
      '각',
      'é',
      'e\u0301',
      '😀',
      '<|end|>',
      '\ud800',
      '\udc00',
    ),
  }),
)

describe('Tokenizer', () => {
  it('decodes what it encoded at byte level, whatever the text', () => {
    const tokenizer = byteLevel()
    fc.assert(
      fc.property(anyString, (text) => {
        const encoding = tokenizer.encode(text)
        expect(tokenizer.decode(encoding.ids, { skipSpecialTokens: false })).toBe(text)
        expect(tokenizer.encodeIds(text)).toEqual([...encoding.ids])
      }),
      { numRuns: 500 },
    )
  })

  it('gives offsets that lie inside the text and in order', () => {
    const pipelines = [
      byteLevel(true),
      Tokenizer.train(LINES, new trainers.WordPieceTrainer({ vocabSize: 80, specialTokens: ['[UNK]'] }), {
        normalizer: new normalizers.BertNormalizer(),
        preTokenizer: new preTokenizers.BertPreTokenizer(),
      }),
      Tokenizer.train(LINES, new trainers.UnigramTrainer({ vocabSize: 80, unkToken: '<unk>' }), {
        normalizer: new normalizers.Sequence([new normalizers.NFKC(), new normalizers.Lowercase()]),
        preTokenizer: new preTokenizers.Metaspace(),
      }),
    ]
    fc.assert(
      fc.property(anyString, fc.nat(pipelines.length - 1), (text, which) => {
        let last = 0
        for (const [start, end] of pipelines[which]!.encode(text).offsets) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(text.length)
          last = start
        }
      }),
      { numRuns: 500 },
    )
  })

  it('counts offsets in UTF-16 units, code points and bytes', () => {
    const encoding = Tokenizer.train(['😀 각 a'], new trainers.WordLevelTrainer(), {
      preTokenizer: new preTokenizers.WhitespaceSplit(),
    }).encode('😀 각 a')
    expect(encoding.offsets).toEqual([[0, 2], [3, 4], [5, 6]]) // biome-ignore format: one line a unit
    expect(encoding.offsetsIn('codePoint')).toEqual([[0, 1], [2, 3], [4, 5]]) // biome-ignore format: one line a unit
    expect(encoding.offsetsIn('byte')).toEqual([[0, 4], [5, 8], [9, 10]]) // biome-ignore format: one line a unit
  })

  it('finds added tokens as their flags say', () => {
    const tokenizer = new Tokenizer({
      model: new models.WordLevel(Vocabulary.fromTokens(['<unk>', 'a', 'b'])),
      normalizer: new normalizers.Lowercase(),
      preTokenizer: new preTokenizers.WhitespaceSplit(),
    })
    tokenizer.addSpecialTokens([{ content: '<m>', lstrip: true }])
    tokenizer.addTokens([{ content: 'Word', singleWord: true }])
    expect(tokenizer.encode('a  <m> b WORD words').tokens).toEqual(['a', '  <m>', 'b', 'word', '<unk>'])
    expect(tokenizer.vocabSize).toBe(5)
    expect(tokenizer.decode([1, 3, 2])).toBe('a b')
    expect(tokenizer.decode([1, 3, 2], { skipSpecialTokens: false })).toBe('a <m> b')
  })

  it('truncates with a stride, keeps what overflows, and pads', () => {
    const tokenizer = new Tokenizer({
      model: new models.WordLevel(Vocabulary.fromTokens(['[PAD]', '<unk>', '<s>', 'a', 'b', 'c', 'd', 'e'])),
      preTokenizer: new preTokenizers.WhitespaceSplit(),
      postProcessor: new postProcessors.TemplateProcessing({
        single: '<s> $A',
        pair: '<s> $A $B:1',
        specialTokens: { '<s>': 2 },
      }),
    })
    tokenizer.enableTruncation({ maxLength: 3, stride: 1 })
    tokenizer.enablePadding({ strategy: { fixed: 4 } })
    const encoding = tokenizer.encode('a b c')
    expect(encoding.tokens).toEqual(['<s>', 'a', 'b', '[PAD]'])
    expect([...encoding.attentionMask]).toEqual([1, 1, 1, 0])
    tokenizer.enableTruncation({ maxLength: 4, stride: 1 })
    const [all] = tokenizer.encodeBatch(['a b c d e'])
    expect(all!.tokens).toEqual(['<s>', 'a', 'b', 'c'])
    expect(all!.overflowing.map(({ tokens }) => tokens)).toEqual([['<s>', 'c', 'd', 'e']])
    expect(() => tokenizer.enableTruncation({ maxLength: 2, stride: 5 })).not.toThrow()
    expect(() => tokenizer.encode('a b c d e')).toThrow(/stride/)
  })

  it('finds the token of a character and the tokens of a word', () => {
    const encoding = byteLevel().encode('low 갔다')
    const token = encoding.charToToken(5)!
    expect(encoding.offsets[token]![0]).toBeLessThanOrEqual(5)
    const [first, last] = encoding.wordToTokens(1)!
    expect(encoding.wordIds.slice(first, last).every((word) => word === 1)).toBe(true)
    expect(encoding.wordToTokens(9)).toBeUndefined()
  })

  it('trains on lines that arrive over time, and reports how far it is', async () => {
    async function* lines() {
      yield* LINES
    }
    const stages = new Set<string>()
    const trainer = new trainers.BPETrainer({ vocabSize: 60 })
    const parts = {
      preTokenizer: new preTokenizers.Whitespace(),
      onProgress: ({ stage }: { stage: string }) => stages.add(stage),
    }
    const tokenizer = await Tokenizer.trainAsync(lines(), trainer, parts)
    expect(tokenizer.toJSON()).toEqual(Tokenizer.train(LINES, trainer, parts).toJSON())
    expect([...stages]).toEqual(['read lines', 'learn merges'])
  })

  it('uses the parts of third parties by name', () => {
    class Vowels implements PreTokenizer {
      preTokenize(preTokens: PreTokens): PreTokens {
        return preTokens.split((text, start, end, out) => {
          for (let i = start; i < end; i++) if ('aeiou'.includes(text[i]!)) out.push(i, i + 1)
        })
      }
      toJSON(): PartSpec {
        return { type: 'acme/vowels' }
      }
    }
    class Code implements Model {
      readonly cacheable = true
      readonly vocabSize = 128
      tokenize(preToken: string, out: TokenBuffer): void {
        out.push(preToken.charCodeAt(0), 0, preToken.length)
      }
      tokenToId(token: string): number | undefined {
        return token.length === 1 ? token.charCodeAt(0) : undefined
      }
      idToToken(id: number): string | undefined {
        return String.fromCharCode(id)
      }
      vocabulary(): Map<string, number> {
        return new Map(Array.from({ length: 128 }, (_, id) => [String.fromCharCode(id), id]))
      }
      toJSON(): PartSpec {
        return { type: 'acme/code' }
      }
    }
    const config = z.strictObject({})
    const acme = {
      name: 'acme',
      contributes: [
        preTokenizerPoint.of({ name: 'acme/vowels', summary: 'vowels', config, create: () => new Vowels() }),
        tokenizerModelPoint.of({ name: 'acme/code', summary: 'codes', config, create: () => new Code() }),
      ],
    }
    const json = JSON.stringify(new Tokenizer({ model: new Code(), preTokenizer: new Vowels() }))
    expect(() => Tokenizer.fromJSON(json)).toThrow(/acme\/vowels.*plugin that provides/s)
    const tokenizer = Tokenizer.fromJSON(json, { registry: createRegistry([tokenizerPlugin, acme]) })
    expect(tokenizer.encode('weaving loom').tokens).toEqual(['e', 'a', 'i', 'o', 'o'])
    expect(tokenizer.encode('weaving loom').offsets.slice(0, 2)).toEqual([
      [1, 2],
      [2, 3],
    ])
  })

  it('names the place of what is wrong in a tokenizer.json', () => {
    const model = { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' }
    const wrong: [unknown, RegExp][] = [
      ['{"model":', /expected JSON/],
      [{}, /'model'/],
      [[], /tokenizer\.json/],
      [{ model: { ...model, vocab: { a: -1 } } }, /model: WordLevel\.vocab\["a"\].*-1/],
      [{ model: { ...model, vocab: [] } }, /WordLevel\.vocab/],
      [{ model: { type: 'WordLevl', vocab: {} } }, /Did you mean 'WordLevel'/],
      [
        { model, pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Removed' } },
        /pre_tokenizer: regular expression/,
      ],
      [{ model, added_tokens: [{ id: 1.5, content: 'x' }] }, /added_tokens\.0\.id/],
      [{ model, truncation: { max_length: -1 } }, /truncation/],
      [{ model, padding: { strategy: { Fixed: 4_000_000_000 } } }, /padding/],
      [{ model, padding: { strategy: 'BatchLongest', pad_to_multiple_of: 4_000_000_000 } }, /padding/],
      [{ model, added_tokens: [{ id: 2 ** 53 - 1, content: 'x' }] }, /added_tokens\.0\.id/],
      [{ model, normalizer: nested(20_000) }, /at most 100 nested parts/],
      [{ model, normalizer: { what: 1 } }, /a part with a type/],
      [{ model: { type: 'BPE', vocab: { a: 0 }, merges: [['a', 'b']] } }, /BPE\.merges\[0\].*"b"/],
      [{ model: { type: 'BPE', vocab: { a: 0 }, merges: ['a'] } }, /BPE\.merges\[0\]/],
      [{ model: { type: 'Unigram', vocab: [['a', 0], ['b']] } }, /Unigram\.vocab\[1\]/],
      [{ model: { type: 'Unigram', vocab: [['a', 0]], unk_id: 3 } }, /unk_id/],
    ]
    for (const [json, message] of wrong) {
      expect(() => Tokenizer.fromJSON(json)).toThrow(message)
      expect(() => Tokenizer.fromJSON(json)).toThrow(expect.objectContaining({ name: 'HeddleError' }))
    }
  })

  it('reads older and looser files, with a warning for what is not used', () => {
    const warnings: string[] = []
    const read = (json: object) => Tokenizer.fromJSON(json, { onWarning: (message) => warnings.push(message) })
    const flags = { fuse_unk: null, byte_fallback: null, ignore_merges: null, dropout: null }
    const bpe = { vocab: { l: 0, o: 1, lo: 2, '▁': 3 }, merges: ['#version: 0.2', 'l o'], ...flags, speed: 9 }
    const tokenizer = read({
      model: bpe,
      normalizer: { normalizers: [{ pattern: { String: 'x' }, content: '', more: { a: [1] } }, { type: 'Lowercase' }] },
      pre_tokenizer: { replacement: '▁', add_prefix_space: false, split: null },
      post_processor: { trim_offsets: true, add_prefix_space: true },
      decoder: { replacement: '▁', add_prefix_space: false },
      added_tokens: [
        { id: 3, content: '<a>', rank: 1 },
        { id: 500, content: '<b>' },
        { id: 7, content: 'lo' },
      ],
      padding: null,
    })
    expect(tokenizer.encodeIds('xLO<b>')).toEqual([2, 500])
    // The id 3 is taken, and the model knows lo by another id.
    expect(tokenizer.tokenToId('<a>')).toBe(501)
    expect(tokenizer.tokenToId('lo')).toBe(2)
    expect(warnings.map((message) => message.replace(/^tokenizer\.json, /, ''))).toEqual([
      'added_tokens[0]: ignores the unknown key "rank".',
      'normalizer.normalizers[0]: ignores the unknown key "more" of Replace.',
      'model: ignores the unknown key "speed" of BPE.',
      'added_tokens: expected a free id for "lo", got 7; it has the id 2 instead.',
      'added_tokens: expected a free id for "<a>", got 3; it has the id 501 instead.',
    ])
    expect(read({ model: { vocab: [['a', -1]], unk_id: null } }).encodeIds('aa')).toEqual([0, 0])
    expect(read({ model: { vocab: { a: 0, '[UNK]': 1 }, continuing_subword_prefix: '##' } }).encodeIds('b')).toEqual([
      1,
    ])
  })

  it('survives damaged files with an error of its own', () => {
    const text = JSON.stringify(byteLevel())
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('', '"', '{', '9', '-', 'null', '\\'), (at, put) => {
        try {
          Tokenizer.fromJSON(text.slice(0, at) + put + text.slice(at + 1)).encode('low 나는')
        } catch (error) {
          expect(error).toMatchObject({ name: 'HeddleError' })
        }
      }),
      { numRuns: 300 },
    )
  })
})
