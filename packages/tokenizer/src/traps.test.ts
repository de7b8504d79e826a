import { describe, expect, it } from 'vitest'
import { normalizers, preTokenizers, Tokenizer, trainers } from './index.ts'

const LINES = ['the loom and the thread', '나는 학교에 갔다', 'aaaa bbbb abab']
const pipelines: Record<string, Tokenizer> = {
  'byte-level BPE': Tokenizer.train(
    LINES,
    new trainers.BPETrainer({ vocabSize: 320, initialAlphabet: preTokenizers.ByteLevel.alphabet() }),
    {
      preTokenizer: new preTokenizers.ByteLevel(),
    },
  ),
  'BPE without pre-tokens': Tokenizer.train(
    LINES,
    new trainers.BPETrainer({ vocabSize: 100, model: { unkToken: null } }),
  ),
  WordPiece: Tokenizer.train(LINES, new trainers.WordPieceTrainer({ vocabSize: 100, specialTokens: ['[UNK]'] }), {
    normalizer: new normalizers.BertNormalizer(),
    preTokenizer: new preTokenizers.BertPreTokenizer(),
  }),
  Unigram: Tokenizer.train(LINES, new trainers.UnigramTrainer({ vocabSize: 100, unkToken: '<unk>' }), {
    normalizer: new normalizers.Sequence([new normalizers.NFKC(), new normalizers.Replace({ regex: ' {2,}' }, ' ')]),
    preTokenizer: new preTokenizers.Metaspace(),
  }),
}

const texts: Record<string, (size: number) => string> = {
  'one long word': (size) => 'ab'.repeat(size / 2),
  'one letter': (size) => 'a'.repeat(size),
  spaces: (size) => ' '.repeat(size),
  'spaces of other kinds': (size) => '\u3000\n'.repeat(size / 2),
  'combining marks': (size) => `e${'\u0301\u0323'.repeat(size / 2)}`,
  syllables: (size) => '각'.repeat(size),
  apostrophes: (size) => "'".repeat(size),
  'unknown characters': (size) => '\u{1f9f5}'.repeat(size / 2),
}

const SMALL = 2 ** 15
const FACTOR = 8

/** Milliseconds of processor time for a text with ids, tokens and offsets: the best of three texts, of which none is in a cache. */
function time(tokenizer: Tokenizer, make: (size: number) => string, size: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const text = make(size + 2 * i)
    const start = process.cpuUsage()
    const { ids, offsets } = tokenizer.encode(text)
    expect(offsets.length).toBe(ids.length)
    best = Math.min(best, process.cpuUsage(start).user / 1000)
  }
  return best
}

describe('texts made to take long', () => {
  for (const [name, tokenizer] of Object.entries(pipelines)) {
    for (const [kind, make] of Object.entries(texts)) {
      // Garbage collection of a whole test run can fall into one measurement; quadratic time fails every one of them.
      it(`${name} takes time in proportion to the length: ${kind}`, { retry: 5 }, () => {
        const small = Math.max(4, time(tokenizer, make, SMALL))
        // Quadratic time would be 64 times as long, n log n about 9 times; the rest is for busy machines.
        expect(time(tokenizer, make, FACTOR * SMALL)).toBeLessThan(6 * FACTOR * small)
      })
    }
  }
})
