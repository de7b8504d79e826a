import type { AnyContribution } from '@heddle/core'
import { bpeDecoder } from './decoders/bpe.ts'
import { byteFallback } from './decoders/byte-fallback.ts'
import { byteLevel as byteLevelDecoder } from './decoders/byte-level.ts'
import { ctc } from './decoders/ctc.ts'
import { fuse } from './decoders/fuse.ts'
import { joiner as joinerDecoder } from './decoders/joiner.ts'
import { metaspace as metaspaceDecoder } from './decoders/metaspace.ts'
import { replace as replaceDecoder } from './decoders/replace.ts'
import { sentencePiece as sentencePieceDecoder } from './decoders/sentence-piece.ts'
import { sequence as decoderSequence } from './decoders/sequence.ts'
import { strip as stripDecoder } from './decoders/strip.ts'
import { wordPiece as wordPieceDecoder } from './decoders/word-piece.ts'
import { bpe } from './models/bpe.ts'
import { char } from './models/char.ts'
import { markedWords } from './models/marked-words.ts'
import { unigram } from './models/unigram.ts'
import { wordLevel } from './models/word-level.ts'
import { wordPiece } from './models/word-piece.ts'
import { bertNormalizer } from './normalizers/bert-normalizer.ts'
import { byteLevel as byteLevelNormalizer } from './normalizers/byte-level.ts'
import { lowercasing } from './normalizers/lowercase.ts'
import { nmt } from './normalizers/nmt.ts'
import { precompiled } from './normalizers/precompiled.ts'
import { prepend } from './normalizers/prepend.ts'
import { replace } from './normalizers/replace.ts'
import { sentencePiece } from './normalizers/sentence-piece.ts'
import { sequence as normalizerSequence } from './normalizers/sequence.ts'
import { strip } from './normalizers/strip.ts'
import { stripAccents } from './normalizers/strip-accents.ts'
import { nfc, nfd, nfkc, nfkd } from './normalizers/unicode-forms.ts'
import { bertProcessing } from './post-processors/bert-processing.ts'
import { byteLevel as byteLevelProcessor } from './post-processors/byte-level.ts'
import { robertaProcessing } from './post-processors/roberta-processing.ts'
import { sequence as processorSequence } from './post-processors/sequence.ts'
import { templateProcessing } from './post-processors/template-processing.ts'
import { bertPreTokenizer } from './pre-tokenizers/bert-pre-tokenizer.ts'
import { byteLevel } from './pre-tokenizers/byte-level.ts'
import { charDelimiterSplit } from './pre-tokenizers/char-delimiter-split.ts'
import { digits } from './pre-tokenizers/digits.ts'
import { fixedLength } from './pre-tokenizers/fixed-length.ts'
import { joiner } from './pre-tokenizers/joiner.ts'
import { metaspace } from './pre-tokenizers/metaspace.ts'
import { punctuation } from './pre-tokenizers/punctuation.ts'
import { sequence } from './pre-tokenizers/sequence.ts'
import { split } from './pre-tokenizers/split.ts'
import { unicodeScripts } from './pre-tokenizers/unicode-scripts.ts'
import { whitespace } from './pre-tokenizers/whitespace.ts'
import { whitespaceSplit } from './pre-tokenizers/whitespace-split.ts'

const normalizers = [
  nfc,
  nfd,
  nfkc,
  nfkd,
  lowercasing,
  stripAccents,
  strip,
  replace,
  prepend,
  bertNormalizer,
  byteLevelNormalizer,
  nmt,
  precompiled,
  sentencePiece,
  normalizerSequence,
]

const preTokenizers = [
  whitespace,
  whitespaceSplit,
  bertPreTokenizer,
  byteLevel,
  metaspace,
  joiner,
  digits,
  punctuation,
  split,
  charDelimiterSplit,
  unicodeScripts,
  fixedLength,
  sequence,
]

const models = [char, wordLevel, markedWords, bpe, wordPiece, unigram]

const postProcessors = [templateProcessing, byteLevelProcessor, bertProcessing, robertaProcessing, processorSequence]

const decoders = [
  byteLevelDecoder,
  metaspaceDecoder,
  wordPieceDecoder,
  bpeDecoder,
  byteFallback,
  fuse,
  joinerDecoder,
  sentencePieceDecoder,
  stripDecoder,
  replaceDecoder,
  ctc,
  decoderSequence,
]

/** The parts that a tokenizer.json can name, under their names there. Trainers are apart, as reading a file needs none. */
export const tokenizerParts: readonly AnyContribution[] = [
  ...normalizers,
  ...preTokenizers,
  ...models,
  ...postProcessors,
  ...decoders,
]
