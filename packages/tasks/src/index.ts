export { type CheckDataOptions, type CheckedData, checkData } from './check/check-data.ts'
export { checkDataset } from './check/check-dataset.ts'
export { contentHash, type DataMeasures, dataMeasuring, type ExampleFacts, type ExampleSize } from './check/facts.ts'
export type { Finding } from './check/finding.ts'
export { measureTexts } from './check/measure-texts.ts'
export { type MemberRun, writeAverage, writeEnsemble } from './ensemble/combine-runs.ts'
export type { AccuracyByLengthExhibit, LengthAccuracy } from './exhibits/accuracy-by-length.ts'
export type { AttendedPictureExhibit } from './exhibits/attended-picture.ts'
export type { AttentionExhibit, AttentionMap } from './exhibits/attention.ts'
export type { ConfusionExhibit } from './exhibits/confusion.ts'
export type { Exhibit } from './exhibits/exhibit.ts'
export type { LabelScores, LabelScoresExhibit } from './exhibits/label-scores.ts'
export type { LabeledTextExhibit, LabeledWord } from './exhibits/labeled-text.ts'
export type { Mistake, MistakenExample, MistakesExhibit } from './exhibits/mistakes.ts'
export type { LabeledPicture, PicturesExhibit } from './exhibits/pictures.ts'
export type { Sample, SamplesExhibit } from './exhibits/samples.ts'
export type { SeriesExhibit } from './exhibits/series.ts'
export type { TextExhibit } from './exhibits/text.ts'
export type { TokenScoresExhibit } from './exhibits/token-scores.ts'
export {
  type Forecast,
  type ForecastingPipeline,
  forecasting,
  seasonalNaiveForecast,
} from './forecasting/forecasting.ts'
export { type SeriesExample, type SeriesWindow, seasonalNaive } from './forecasting/series-windows.ts'
export { type FrameLabel, frameClassification } from './frame-classification/frame-classification.ts'
export { imageClassification, readGrayPicture } from './image-classification/image-classification.ts'
export { type ImageToTextPipeline, imageToText } from './image-to-text/image-to-text.ts'
export { nearestPicture } from './image-to-text/nearest-picture.ts'
export { splitByStyle } from './image-to-text/split-by-style.ts'
export { IGNORED, type LabeledBatch, labelTensor } from './labeling/labeled-batch.ts'
export { type ExampleReader, Labeling, type LabelingOptions } from './labeling/labeling.ts'
export { type LabelPrediction, labelIds, labelsIn } from './labeling/labels.ts'
export { nearestMean } from './labeling/nearest-mean.ts'
export {
  checkSize,
  learnPictureScale,
  type PictureScale,
  type PictureSize,
  pictureScaleAsset,
} from './labeling/picture-scale.ts'
export type { DecodeLabels } from './labeling/predict-labels.ts'
export { readIdxInputs } from './labeling/read-idx-inputs.ts'
export { constrainedField, shiftField, stepTrainingFields } from './labeling/settings.ts'
export { spanMetrics, spanRules, tagSpans, validSpans } from './labeling/span-labels.ts'
export { wordOf } from './labeling/worst-mistakes.ts'
export { type LanguageModelingPipeline, languageModeling } from './language-modeling/language-modeling.ts'
export { bestNgram } from './language-modeling/ngram-baseline.ts'
export { NgramLanguageModel, type NgramLanguageModelConfig } from './language-modeling/ngram-language-model.ts'
export { tasksPlugin } from './plugin.ts'
export { type AccuracyByLengthOptions, accuracyByLength } from './run/accuracy-by-length.ts'
export { checkRecipe } from './run/check-recipe.ts'
export { type Dataset, heldOut, type SplitSettings, splitAtRandom } from './run/dataset.ts'
export { type EvaluationExamples, evaluationExamples } from './run/evaluation-examples.ts'
export { type ExportRunOptions, exportRun } from './run/export-run.ts'
export { type FindRateOptions, findRate } from './run/find-rate.ts'
export { checkSameData, type GivenData } from './run/given-data.ts'
export { lengthenRun } from './run/lengthen-run.ts'
export { type OpenOptions, openRun, openTask, type Run, restoreTask } from './run/open-run.ts'
export { type PreparedRun, startsAfresh } from './run/prepare-run.ts'
export type { Preset } from './run/preset.ts'
export {
  type Baseline,
  type BaselineContext,
  type DataConfig,
  type ExhibitContext,
  type GivenExamples,
  type InputColumns,
  type Recipe,
  type RecipeData,
  type RecipeExamples,
  type RecipeExhibits,
  type RecipeParts,
  recipe,
  recipePoint,
} from './run/recipe.ts'
export { type RecipeSchemaOptions, recipeNamed, recipeSchema } from './run/recipe-schema.ts'
export { type DataOrigin, type GivenOrigin, type RunConfig, readRunConfig } from './run/run-config.ts'
export { shellWord } from './run/shell-word.ts'
export { adaptersIn } from './run/starting-adapters.ts'
export {
  type HandedOver,
  openStartingPoint,
  type StartingPoint,
  type StartingPointOptions,
} from './run/starting-point.ts'
export { standardModel } from './run/suited-settings.ts'
export { labeledPairs, labeledTexts, pairedTexts } from './run/table-data.ts'
export {
  type Evaluation,
  type RunEvents,
  type TrainedRun,
  type TrainRunOptions,
  trainRun,
} from './run/train-run.ts'
export { type TrainingBatches, trainingBatches } from './run/training-batches.ts'
export type { UsedPart, UsedPlugin } from './run/used-parts.ts'
export { takeWordVectors, type VectorCoverage, type VectorFiles } from './run/word-vectors.ts'
export {
  SequenceToText,
  type SourceReader,
  type SourceTargetPair,
  type WriteOptions,
  type WrittenText,
} from './sequence-to-text/sequence-to-text.ts'
export { nearestSound } from './speech-to-text/nearest-sound.ts'
export { type SpeechToTextPipeline, speechToText } from './speech-to-text/speech-to-text.ts'
export { splitByTake } from './speech-to-text/split-by-take.ts'
export {
  type Asset,
  type AssetsOf,
  type ExportedAsset,
  labelsAsset,
  specialTokensAsText,
  tokenizerAsset,
} from './task/assets.ts'
export {
  type Built,
  defineTask,
  type TaskConfig,
  type TaskContext,
  type TaskParts,
  type TaskType,
} from './task/define-task.ts'
export { type Demonstration, demonstrationPoint } from './task/demonstration.ts'
export { headFor, onEncoder } from './task/encoder-head.ts'
export type { FitOptions } from './task/fit-options.ts'
export { type FromPretrainedOptions, taskFromPretrained } from './task/from-pretrained.ts'
export { learnWordPieces, type WordPieceSettings, wordPieceSettings } from './task/learn-word-pieces.ts'
export type {
  Abortable,
  AnyPipeline,
  DemonstrateOptions,
  DirectLearning,
  EvaluateOptions,
  InputReader,
  InputRow,
  InputSource,
  Pipeline,
  StepwiseLearning,
  TextInputOptions,
} from './task/pipeline.ts'
export { metricList, ownMetrics, Scorer } from './task/scorer.ts'
export { mergeSettings, part, type Settings } from './task/settings.ts'
export { Task } from './task/task.ts'
export { taskPoint } from './task/task-point.ts'
export type { TaskRecorder } from './task/task-recorder.ts'
export { tokenTable } from './task/token-table.ts'
export { monitorOf } from './task/trainer-for.ts'
export { buildOptimizer, buildSchedule, type TrainingSettings, trainingFields } from './task/training-settings.ts'
export { naiveBayes, textClassification } from './text-classification/text-classification.ts'
export type { TextClassificationPipeline, TextPrediction } from './text-classification/text-pipeline.ts'
export type { LabeledText } from './text-classification/text-reader.ts'
export type { TextPairExample } from './text-pair/pair-target.ts'
export { joinPair, readPairText, splitPair } from './text-pair/read-pair-text.ts'
export { type PairPrediction, pairOverlap, type TextPairPipeline, textPairs } from './text-pair/text-pair.ts'
export { exactTexts } from './text-to-text/exact-texts.ts'
export { leadSentence } from './text-to-text/lead-sentence.ts'
export { nearestText } from './text-to-text/nearest-text.ts'
export { type TextToTextPipeline, textToText } from './text-to-text/text-to-text.ts'
export { exactTags } from './token-classification/exact-tags.ts'
export { mostFrequentTag } from './token-classification/most-frequent-tag.ts'
export { readSentenceInputs } from './token-classification/read-sentence-inputs.ts'
export { showSentences } from './token-classification/show-sentences.ts'
export { splitCharacters, splitWords } from './token-classification/split-words.ts'
export { type TaggedWord, tokenClassification, type WordModel } from './token-classification/token-classification.ts'
export type { TaggedSentence } from './token-classification/word-reader.ts'
export { type Ability, AbilityKind } from './uses/ability.ts'
export { type Describer, describing } from './uses/describe.ts'
export { type GenerateOptions, type Generator, generating } from './uses/generate.ts'
export { type Judge, judging } from './uses/judge.ts'
export { type FileOpener, openedFiles } from './uses/opened-files.ts'
export { readMasked } from './uses/read-masked.ts'
export { type PairReader, pairReading, type ReadPair } from './uses/read-pair.ts'
export {
  type Masking,
  type ReadText,
  type TextReader,
  type TextToken,
  textReading,
  type Vocabulary,
} from './uses/read-text.ts'
export { readTokens } from './uses/read-tokens.ts'
export { type LabeledVector, type VectorReader, vectorReading } from './uses/read-vectors.ts'
export { scoring, type TextScore, type TextScorer } from './uses/score.ts'
export { tokenVocabulary } from './uses/token-vocabulary.ts'
export { type Translator, translating } from './uses/translate.ts'
export { abilityOf, type Use, type UseContext, type UseOptions, type UseResult, usePoint } from './uses/use.ts'
