export { type CharTokenizerOptions, trainCharTokenizer, trainCharTokenizerAsync } from './char-tokenizer.ts'
export * as decoders from './decoders/index.ts'
export { DecodeStream, type DecodeStreamOptions } from './encoding/decode-stream.ts'
export { encodeInTurns } from './encoding/encode-in-turns.ts'
export { Encoding } from './encoding/encoding.ts'
export type { OffsetUnit } from './encoding/offset-unit.ts'
export type { Padding } from './encoding/padding.ts'
export type { FixedRun, Run, TextRun } from './encoding/run.ts'
export { TokenBuffer } from './encoding/token-buffer.ts'
export type { Truncation } from './encoding/truncation.ts'
export * as models from './models/index.ts'
export * as normalizers from './normalizers/index.ts'
export {
  type Decoder,
  decoderPoint,
  type Model,
  type Normalizer,
  normalizerPoint,
  type PartContext,
  type PostProcessor,
  type PreTokenizer,
  postProcessorPoint,
  preTokenizerPoint,
  type Trainer,
  type TrainingProgress,
  tokenizerModelPoint,
  trainerPoint,
} from './pipeline/points.ts'
export { Vocabulary } from './pipeline/vocabulary.ts'
export { tokenizerPlugin } from './plugin.ts'
export * as postProcessors from './post-processors/index.ts'
export * as preTokenizers from './pre-tokenizers/index.ts'
export type { ChatMessage, ChatOptions } from './pretrained/chat-template.ts'
export type { Folder } from './pretrained/folder.ts'
export type { SpecialRole, TokenizerSettings } from './pretrained/settings.ts'
export type { TokenArrays } from './pretrained/token-arrays.ts'
export { specialTokensOf, type WriteFolderOptions, writeTokenizerFolder } from './pretrained/write-folder.ts'
export { type TokenStatistics, tokenStatistics } from './statistics.ts'
export { type AddedToken, type AddedTokenInput, addedToken } from './text/added-token.ts'
export { AlignedText } from './text/aligned-text.ts'
export { PreTokens, type Spelling } from './text/pre-tokens.ts'
export { type TokenSpan, tokenSpans } from './token-spans.ts'
export { Tokenizer } from './tokenizer.ts'
export type { ReadOptions } from './tokenizer-json.ts'
export type { ArrayOptions, DecodeOptions, EncodeOptions, TokenizerParts, TrainedParts } from './tokenizer-options.ts'
export * as trainers from './trainers/index.ts'
export { UNICODE_VERSION } from './unicode/assigned.ts'
export { trainWordTokenizer, trainWordTokenizerAsync, type WordTokenizerOptions } from './word-tokenizer.ts'
