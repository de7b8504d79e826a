export { type CharTokenizerOptions, trainCharTokenizer } from './char-tokenizer.ts'
export { DecodeStream } from './decode-stream.ts'
export * as decoders from './decoders/index.ts'
export { gpt2Tokenizer, readMergesTxt, readVocabJson, robertaTokenizer } from './formats/merges-txt.ts'
export {
  readSentencePieceModel,
  type SentencePieceEntry,
  type SentencePieceModel,
  sentencePieceTokenizer,
} from './formats/sentence-piece.ts'
export { type BertTokenizerOptions, bertTokenizer, readVocabTxt } from './formats/vocab-txt.ts'
export * as models from './models/index.ts'
export * as normalizers from './normalizers/index.ts'
export { type AddedToken, type AddedTokenInput, addedToken } from './pipeline/added-token.ts'
export { AlignedText } from './pipeline/aligned-text.ts'
export { Encoding } from './pipeline/encoding.ts'
export type { OffsetUnit } from './pipeline/offset-unit.ts'
export type { Padding } from './pipeline/padding.ts'
export { Pieces, type Spelling } from './pipeline/pieces.ts'
export {
  type Decoder,
  decoderPoint,
  type Model,
  modelPoint,
  type Normalizer,
  normalizerPoint,
  type PartContext,
  type PostProcessor,
  type PreTokenizer,
  postProcessorPoint,
  preTokenizerPoint,
  type Trainer,
  type TrainingProgress,
  trainerPoint,
} from './pipeline/points.ts'
export type { FixedRun, Run, TextRun } from './pipeline/run.ts'
export { TokenBuffer } from './pipeline/token-buffer.ts'
export type { Truncation } from './pipeline/truncation.ts'
export { Vocabulary } from './pipeline/vocabulary.ts'
export { plugin } from './plugin.ts'
export * as postProcessors from './post-processors/index.ts'
export * as preTokenizers from './pre-tokenizers/index.ts'
export { type TokenStatistics, tokenStatistics } from './statistics.ts'
export { type TokenSpan, tokenSpans } from './token-spans.ts'
export {
  type DecodeOptions,
  type EncodeOptions,
  Tokenizer,
  type TokenizerParts,
  type TrainedParts,
} from './tokenizer.ts'
export * as trainers from './trainers/index.ts'
export { trainWordTokenizer, type WordTokenizerOptions } from './word-tokenizer.ts'
