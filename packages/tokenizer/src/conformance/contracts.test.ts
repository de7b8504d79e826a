import { tokenizerPartContract } from '@heddle/testing/tokenizer'
import {
  decoders,
  normalizers,
  postProcessors,
  preTokenizers,
  Tokenizer,
  type TrainedParts,
  trainers,
} from '../index.ts'

const LINES = ['the quick brown fox jumps over the lazy dog', 'pack my box with five dozen jugs', '나는 학교에 갔다']
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
const OPTIONS = { vocabSize: 90, specialTokens: SPECIAL }

const wordPiece = (parts: TrainedParts) => () =>
  Tokenizer.train(LINES, new trainers.WordPieceTrainer(OPTIONS), {
    preTokenizer: new preTokenizers.BertPreTokenizer(),
    ...parts,
  })

for (const [name, normalizer] of Object.entries({
  BertNormalizer: new normalizers.BertNormalizer(),
  ByteLevel: new normalizers.ByteLevel(),
  Lowercase: new normalizers.Lowercase(),
  Nmt: new normalizers.Nmt(),
  Prepend: new normalizers.Prepend('▁'),
  Replace: new normalizers.Replace({ regex: '\\s+' }, ' '),
  Strip: new normalizers.Strip(),
  StripAccents: new normalizers.Sequence([new normalizers.NFD(), new normalizers.StripAccents()]),
  NFC: new normalizers.NFC(),
  NFKD: new normalizers.NFKD(),
})) {
  tokenizerPartContract(`Normalizer ${name}`, { make: wordPiece({ normalizer }) })
}

for (const [name, preTokenizer] of Object.entries({
  BertPreTokenizer: new preTokenizers.BertPreTokenizer(),
  ByteLevel: new preTokenizers.ByteLevel(),
  CharDelimiterSplit: new preTokenizers.CharDelimiterSplit('x'),
  Digits: new preTokenizers.Digits({ individualDigits: true }),
  FixedLength: new preTokenizers.FixedLength({ length: 3 }),
  Joiner: new preTokenizers.Joiner(),
  Metaspace: new preTokenizers.Metaspace(),
  Punctuation: new preTokenizers.Punctuation({ behavior: 'Contiguous' }),
  Sequence: new preTokenizers.Sequence([new preTokenizers.WhitespaceSplit(), new preTokenizers.UnicodeScripts()]),
  Whitespace: new preTokenizers.Whitespace(),
})) {
  tokenizerPartContract(`Pre-tokenizer ${name}`, { make: wordPiece({ preTokenizer }) })
}

for (const [name, trainer] of Object.entries({
  BPE: new trainers.BPETrainer(OPTIONS),
  Char: new trainers.CharTrainer({ specialTokens: SPECIAL, unkToken: '[UNK]' }),
  Unigram: new trainers.UnigramTrainer({ ...OPTIONS, unkToken: '[UNK]' }),
  WordLevel: new trainers.WordLevelTrainer({ specialTokens: ['<unk>'] }),
  WordPiece: new trainers.WordPieceTrainer(OPTIONS),
})) {
  const preTokenizer = new preTokenizers.Whitespace()
  tokenizerPartContract(`Model ${name}`, { make: () => Tokenizer.train(LINES, trainer, { preTokenizer }) })
}

for (const [name, decoder] of Object.entries({
  BPEDecoder: new decoders.BPEDecoder(),
  ByteFallback: new decoders.ByteFallback(),
  CTC: new decoders.CTC(),
  Fuse: new decoders.Fuse(),
  Joiner: new decoders.Joiner(),
  Metaspace: new decoders.Metaspace(),
  WordPiece: new decoders.WordPiece(),
})) {
  tokenizerPartContract(`Decoder ${name}`, { make: wordPiece({ decoder }) })
}

const specials = (tokenizer: Tokenizer) =>
  (['[SEP]', '[CLS]'] as const).map((token) => [token, tokenizer.tokenToId(token)!] as [string, number])

for (const [name, postProcessor] of Object.entries({
  BertProcessing: (tokenizer: Tokenizer) => {
    const [sep, cls] = specials(tokenizer)
    return new postProcessors.BertProcessing(sep!, cls!)
  },
  RobertaProcessing: (tokenizer: Tokenizer) => {
    const [sep, cls] = specials(tokenizer)
    return new postProcessors.RobertaProcessing({ sep: sep!, cls: cls! })
  },
})) {
  tokenizerPartContract(`Post-processor ${name}`, { make: wordPiece({ postProcessor }) })
}

tokenizerPartContract('Byte-level BPE, all parts', {
  lossless: true,
  make: () =>
    Tokenizer.train(
      LINES,
      new trainers.BPETrainer({ vocabSize: 300, initialAlphabet: preTokenizers.ByteLevel.alphabet() }),
      {
        preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }),
        postProcessor: new postProcessors.ByteLevel(),
        decoder: new decoders.ByteLevel(),
      },
    ),
})
