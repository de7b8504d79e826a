export { marianTokenizer } from './formats/marian.ts'
export { gpt2Tokenizer, readMergesTxt, readVocabJson, robertaTokenizer } from './formats/merges-txt.ts'
export {
  readSentencePieceModel,
  type SentencePieceEntry,
  type SentencePieceModel,
  sentencePieceTokenizer,
} from './formats/sentence-piece.ts'
export { readTiktoken, type TiktokenOptions, tiktokenTokenizer } from './formats/tiktoken.ts'
export { type BertTokenizerOptions, bertTokenizer, readVocabTxt } from './formats/vocab-txt.ts'
