export { BatchSampler, type BatchSamplerOptions, type BatchSamplerState } from './batch-sampler.ts'
export { type BatchesOptions, batchesByLength } from './batches-by-length.ts'
export { decodeText, type TextInput } from './decode-text.ts'
export { gunzip } from './gunzip.ts'
export { LogMel, type LogMelFrames, type LogMelOptions } from './log-mel.ts'
export { hzToMel, type MelFilterOptions, melFilters, melToHz } from './mel-filters.ts'
export { type PaddedBatch, type PadOptions, padSequences } from './pad-sequences.ts'
export {
  type ConlluEmptyNode,
  type ConlluMultiword,
  type ConlluSentence,
  type ConlluToken,
  parseConllu,
} from './parse-conllu.ts'
export { type CsvOptions, parseCsv } from './parse-csv.ts'
export { type IdxArray, type IdxData, parseIdx } from './parse-idx.ts'
export { type ImageSet, type ImageSetOptions, parseImageSet } from './parse-image-set.ts'
export { type JsonlOptions, parseJsonl } from './parse-jsonl.ts'
export { type LinesOptions, parseLines } from './parse-lines.ts'
export { type Picture, parsePng, resizePicture } from './parse-png.ts'
export { parseTsv } from './parse-tsv.ts'
export { mixToMono, parseWav, type Wav } from './parse-wav.ts'
export type { MalformedLine, Parsed, ParseOptions } from './parsed.ts'
export { RandomWindows, type RandomWindowsOptions, type RandomWindowsState } from './random-windows.ts'
export { type Split, type SplitOptions, splitExamples } from './split-examples.ts'
export {
  type LanguageModelBatch,
  StreamBatcher,
  type StreamBatcherOptions,
  type StreamBatcherState,
  type StreamChunk,
} from './stream-batcher.ts'
export type { Columns, TableOptions, TableRow } from './table.ts'
