export { changePicture, type PictureChanges, type PictureSize } from './augment/change-picture.ts'
export { changeSound, type SoundChanges } from './augment/change-sound.ts'
export { joinSounds } from './augment/join-sounds.ts'
export { shiftPicture } from './augment/shift-picture.ts'
export { BatchSampler, type BatchSamplerOptions, type BatchSamplerState } from './batches/batch-sampler.ts'
export { type BatchesOptions, batchesByLength } from './batches/batches-by-length.ts'
export type { EndlessBatches } from './batches/endless-batches.ts'
export { type BatchRamp, batchSizeAt, GrowingBatches } from './batches/growing-batches.ts'
export { MappedBatches } from './batches/mapped-batches.ts'
export { type PaddedBatch, type PadOptions, padSequences } from './batches/pad-sequences.ts'
export {
  type MakeRows,
  type Numbered,
  PooledRows,
  type PooledRowsOptions,
  type SizedPart,
} from './batches/pooled-rows.ts'
export { RandomWindows, type RandomWindowsOptions, type RandomWindowsState } from './batches/random-windows.ts'
export {
  type LanguageModelBatch,
  StreamBatcher,
  type StreamBatcherOptions,
  type StreamBatcherState,
  type StreamChunk,
} from './batches/stream-batcher.ts'
export { changeSpeed } from './features/change-speed.ts'
export { LogMel, type LogMelFrames, type LogMelOptions } from './features/log-mel.ts'
export { hzToMel, type MelFilterOptions, melFilters, melToHz } from './features/mel-filters.ts'
export { resizePicture } from './features/resize-picture.ts'
export { type DecodedPng, decodePng, type PngOptions } from './formats/decode-png.ts'
export { decodeText, type TextInput, utf16Of } from './formats/decode-text.ts'
export { type GunzipOptions, gunzip } from './formats/gunzip.ts'
export {
  type ConlluEmptyNode,
  type ConlluMultiword,
  type ConlluSentence,
  type ConlluToken,
  parseConllu,
} from './formats/parse-conllu.ts'
export { type CsvOptions, parseCsv } from './formats/parse-csv.ts'
export { parseDate } from './formats/parse-date.ts'
export { type IdxArray, type IdxData, parseIdx } from './formats/parse-idx.ts'
export { type ImageSet, type ImageSetOptions, parseImageSet } from './formats/parse-image-set.ts'
export { type JsonlOptions, parseJsonl } from './formats/parse-jsonl.ts'
export { type LinesOptions, parseLines } from './formats/parse-lines.ts'
export { type Picture, parsePng } from './formats/parse-png.ts'
export {
  BLANK,
  type ColumnSentence,
  parseTaggedColumns,
  type TaggedColumnsOptions,
} from './formats/parse-tagged-columns.ts'
export { parseTsv } from './formats/parse-tsv.ts'
export { mixToMono, parseWav, type Wav } from './formats/parse-wav.ts'
export type { MalformedLine, Parsed, ParseOptions } from './formats/parsed.ts'
export { distinctNames, type StreamedRow, splitTexts, streamRows } from './formats/stream-rows.ts'
export { type StreamedSentence, streamSentences } from './formats/stream-sentences.ts'
export type { Columns, TableOptions, TableRow } from './formats/table.ts'
export type { LikelyColumns, WantedColumns } from './formats/wanted-columns.ts'
export { type Row, type RowFormat, rowFormat, separatedBy } from './formats/write-rows.ts'
export { readClipFolder } from './readers/clip-folders.ts'
export { INPUT_NAMES, type LabeledColumns } from './readers/labeled-columns.ts'
export type { LabeledText } from './readers/labeled-text.ts'
export { type CaptionedClipsOptions, readCaptionedClips } from './readers/read-captioned-clips.ts'
export {
  type CaptionedPicture,
  type CaptionedPicturesOptions,
  readCaptionedPictures,
  readPicture,
  type StyledPicture,
} from './readers/read-captioned-pictures.ts'
export { type ClassFilesOptions, readClassFiles } from './readers/read-class-files.ts'
export { type ReadColumn, readColumn } from './readers/read-column.ts'
export type { ReadExamples, RowsOptions, SplitExample, SplitPart } from './readers/read-examples.ts'
export { type IdxPair, type IdxPairsOptions, readIdxPairs } from './readers/read-idx-pairs.ts'
export {
  type GrayPicture,
  type IdxPicturesOptions,
  type LabeledPicture,
  readIdxPictures,
} from './readers/read-idx-pictures.ts'
export { grayClip, type LabeledClipsOptions, readLabeledClips } from './readers/read-labeled-clips.ts'
export {
  type LabeledPair,
  type LabeledPairsOptions,
  PAIR_NAMES,
  readLabeledPairs,
} from './readers/read-labeled-pairs.ts'
export { type LabeledTextsOptions, readLabeledTexts } from './readers/read-labeled-texts.ts'
export { type PronunciationsOptions, readPronunciations } from './readers/read-pronunciations.ts'
export { readSeries, type Series, type SeriesOptions } from './readers/read-series.ts'
export {
  type LabeledSound,
  readSound,
  readSounds,
  type SoundClip,
  type SoundsOptions,
} from './readers/read-sounds.ts'
export {
  readTaggedSentences,
  type TaggedSentence,
  type TaggedSentencesOptions,
} from './readers/read-tagged-sentences.ts'
export { type PairNames, readTextPairs, type TextPair, type TextPairsOptions } from './readers/read-text-pairs.ts'
export { type ReadTexts, type ReadTextsOptions, readTexts } from './readers/read-texts.ts'
export { readWordVectors, type WordVectors } from './readers/read-word-vectors.ts'
export { type TextPart, textParts } from './readers/text-part.ts'
export { type DataFiles, dataFiles, onlyFile } from './sources/data-files.ts'
export {
  abortableSource,
  type DataFile,
  type DataSource,
  fileSize,
  memorySource,
  readPiece,
} from './sources/data-source.ts'
export { fingerprint } from './sources/fingerprint.ts'
export { type Split, type SplitOptions, splitExamples } from './splits/split-examples.ts'
export { type FileOfSplit, type SplitOfFiles, splitOfFiles } from './splits/split-of-files.ts'
export { type SplitTextOptions, splitText } from './splits/split-text.ts'
