export { learnWordPieces, type WordPieceSettings } from '@heddle/tasks'
export { type CorpusPart, hasBlankLines, partSize, partsOfFile } from './corpus/corpus-part.ts'
export { type Document, type DocumentSettings, splitDocuments } from './corpus/documents.ts'
export { type CorpusSettings, corpusFields, readCorpus, textCorpus } from './corpus/read-corpus.ts'
export { splitSentences } from './corpus/split-sentences.ts'
export type { Instance, RowTokens, TokenizedDocument } from './examples/instance.ts'
export { type PackedRowsOptions, packedRows } from './examples/packed-rows.ts'
export { type SegmentPairOptions, segmentPairs } from './examples/segment-pairs.ts'
export {
  type Answer,
  type AnswerOptions,
  type AnswersOptions,
  answerQuestion,
  answerQuestions,
  type Question,
  type QuestionAnsweringModel,
} from './fine-tuning/answer-question.ts'
export { answerSpans, bestSpans, type Span, type SpanOptions } from './fine-tuning/answer-spans.ts'
export {
  type ClassifyOptions,
  classifyTexts,
  type ProblemType,
  type ScoredLabel,
} from './fine-tuning/classify-texts.ts'
export { type EmbedOptions, embedTexts, type TextEncoder } from './fine-tuning/embed-texts.ts'
export { encodeWindows, type TokenTensors, tokenTensors, type WindowOptions } from './fine-tuning/encoded-texts.ts'
export {
  type AggregationStrategy,
  type Entity,
  type GroupOptions,
  groupEntities,
  type ScoredToken,
  withoutOverlaps,
} from './fine-tuning/entities.ts'
export { loadPretrained, type Pretrained } from './fine-tuning/pretrained.ts'
export { type AnsweredQuestion, type RightAnswer, readSquad } from './fine-tuning/read-squad.ts'
export {
  type EncoderModelWithLogits,
  type RecognizeOptions,
  recognizeEntities,
} from './fine-tuning/recognize-entities.ts'
export { type AnswerScores, scoreAnswers } from './fine-tuning/squad-metrics.ts'
export { type FilledMask, type FilledToken, fillMask } from './masked-lm/fill-mask.ts'
export { type MaskFiller, maskFilling } from './masked-lm/mask-filling.ts'
export type { MaskedLanguageModel } from './masked-lm/masked-language-model.ts'
export { type MaskedLMPipeline, maskedLm, tokenFrequencies } from './masked-lm/masked-lm.ts'
export {
  type MaskedTokens,
  type MaskingOptions,
  type MaskingVocabulary,
  maskTokens,
} from './masking/mask-tokens.ts'
export { type JigsawPipeline, jigsaw, nearestMeanPatch } from './pictures/jigsaw.ts'
export {
  type FilledPicture,
  type MaskedPatchesPipeline,
  maskedPatches,
  meanPicture,
} from './pictures/masked-patches.ts'
export { bertPretrainPlugin } from './plugin.ts'
export { answering, type QuestionAnswerer } from './question-answering/answering.ts'
export {
  nearestSentence,
  type QuestionAnsweringPipeline,
  questionAnswering,
} from './question-answering/question-answering.ts'
export { readQuestions } from './question-answering/read-questions.ts'
export { type EntityFinder, entityFinding, type TextEntity } from './subword-tagging/entity-finding.ts'
export { type SubwordTaggingPipeline, subwordTagging } from './subword-tagging/subword-tagging.ts'
