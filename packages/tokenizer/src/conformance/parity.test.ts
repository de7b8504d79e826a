import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Encoding, normalizers, preTokenizers, Tokenizer, type TrainedParts, trainers } from '../index.ts'
import type { Trainer } from '../pipeline/points.ts'

interface Row {
  ids: number[]
  tokens: string[]
  offsets: [number, number][]
  type_ids: number[]
  special: number[]
}

interface Case {
  probes: (Row & { text: string; decoded: string; decoded_keep_special: string })[]
  pair: Row & { a: string; b: string }
  vocab_size: number
}

interface TokenizerFile {
  model: { vocab: Record<string, number> | [string, number][]; merges?: [string, string][] }
}

// Encodings, and what training gives, by the Rust library: our own cases, and more where the variable says.
const folders = [join(import.meta.dirname, '../../../parity/fixtures/tokenizers')]
const more = process.env['HEDDLE_PARITY_DIR']
if (more !== undefined && existsSync(join(more, 'tokenizers'))) folders.push(join(more, 'tokenizers'))

const rowOf = (encoding: Encoding): Row => ({
  ids: [...encoding.ids],
  tokens: [...encoding.tokens],
  offsets: encoding.offsetsIn('codePoint'),
  type_ids: [...encoding.typeIds],
  special: [...encoding.specialTokensMask],
})

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

/** The settings that the cases were trained with. */
function training(name: string, vocab: Record<string, number>): { trainer: Trainer; parts: TrainedParts } | undefined {
  const wordPiece = (vocabSize: number) => {
    // The order in which that run of the Rust library, by chance, met the characters within words.
    const affixedAlphabet = Object.keys(vocab)
      .filter((token) => token.startsWith('##') && [...token].length === 3)
      .sort((a, b) => vocab[a]! - vocab[b]!)
    return new trainers.WordPieceTrainer({ vocabSize, specialTokens: SPECIAL, affixedAlphabet })
  }
  const preTokenizer = new preTokenizers.BertPreTokenizer()
  const known: Record<string, () => { trainer: Trainer; parts: TrainedParts }> = {
    wordpiece_bert: () => ({
      trainer: wordPiece(400),
      parts: { normalizer: new normalizers.BertNormalizer({ lowercase: true }), preTokenizer },
    }),
    wordpiece_cased: () => ({
      trainer: wordPiece(350),
      parts: { normalizer: new normalizers.BertNormalizer({ lowercase: false, stripAccents: false }), preTokenizer },
    }),
    bpe_bytelevel: () => ({
      trainer: new trainers.BPETrainer({
        vocabSize: 500,
        specialTokens: ['<|endoftext|>'],
        initialAlphabet: preTokenizers.ByteLevel.alphabet(),
      }),
      parts: { preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }) },
    }),
    bpe_metaspace: () => ({
      trainer: new trainers.BPETrainer({ vocabSize: 400, specialTokens: ['<unk>', '<s>', '</s>'] }),
      parts: { normalizer: new normalizers.NFKC(), preTokenizer: new preTokenizers.Metaspace() },
    }),
    unigram: () => ({
      trainer: new trainers.UnigramTrainer({
        vocabSize: 300,
        specialTokens: ['<unk>', '<s>', '</s>'],
        unkToken: '<unk>',
      }),
      parts: {
        normalizer: new normalizers.Sequence([
          new normalizers.NFKC(),
          new normalizers.Replace({ regex: ' {2,}' }, ' '),
        ]),
        preTokenizer: new preTokenizers.Metaspace(),
      },
    }),
    wordlevel: () => ({
      trainer: new trainers.WordLevelTrainer({ specialTokens: ['<pad>', '<unk>', '<sos>', '<eos>'] }),
      parts: { preTokenizer: new preTokenizers.Whitespace() },
    }),
  }
  return known[name]?.()
}

for (const folder of folders) {
  for (const name of readdirSync(folder)) {
    describe(`parity with the Rust library: ${folder === folders[0] ? name : join(folder, name)}`, () => {
      const read = (file: string) => readFileSync(join(folder, name, file), 'utf8')
      const tokenizer = Tokenizer.fromJSON(read('tokenizer.json'))
      const golden = JSON.parse(read('case.json')) as Case

      it('encodes and decodes every probe alike', () => {
        for (const { text, decoded, decoded_keep_special: kept, ...row } of golden.probes) {
          const encoding = tokenizer.encode(text)
          expect({ text, ...rowOf(encoding) }).toEqual({ text, ...row })
          expect(tokenizer.encodeIds(text)).toEqual(row.ids)
          expect(tokenizer.decode(encoding.ids)).toBe(decoded)
          expect(tokenizer.decode(encoding.ids, { skipSpecialTokens: false })).toBe(kept)
        }
      })

      it('encodes the pair alike', () => {
        const { a, b, ...row } = golden.pair
        expect(rowOf(tokenizer.encode(a, b))).toEqual(row)
        expect(tokenizer.vocabSize).toBe(golden.vocab_size)
      })

      it('writes the same tokenizer.json', () => {
        expect(JSON.parse(JSON.stringify(tokenizer))).toEqual(JSON.parse(read('tokenizer.json')))
      })

      it('learns the same from the corpus', () => {
        const { model } = JSON.parse(read('tokenizer.json')) as TokenizerFile
        const lines = read('corpus.txt').split('\n').slice(0, -1)
        const known = training(name, model.vocab as Record<string, number>)
        expect(known).toBeDefined()
        const learned = (
          JSON.parse(JSON.stringify(Tokenizer.train(lines, known!.trainer, known!.parts))) as TokenizerFile
        ).model
        if (!Array.isArray(model.vocab)) {
          expect(learned.vocab).toEqual(model.vocab)
          if (model.merges !== undefined) expect(learned.merges).toEqual(model.merges)
          return
        }
        const scores = new Map(learned.vocab as [string, number][])
        const shared = model.vocab.filter(([piece]) => scores.has(piece))
        expect(shared.length).toBeGreaterThanOrEqual(0.98 * model.vocab.length)
        for (const [piece, score] of shared)
          expect(Math.abs(scores.get(piece)! - score)).toBeLessThanOrEqual(0.01 * Math.abs(score))
      })
    })
  }
}
