export { type CaptionConfig, CaptionRecipe, captionConfig } from './caption/caption-recipe.ts'
export type { AttendedPictureExhibit } from './caption/picture-exhibit.ts'
export { type CharLmConfig, CharLmRecipe, charLmConfig } from './char-lm/char-lm-recipe.ts'
export { chatbotConfig } from './chatbot/chatbot-recipe.ts'
export type {
  ConfusionExhibit,
  LabelledPicture,
  LabelledPiece,
  LabelledTextExhibit,
  PicturesExhibit,
} from './classification/class-exhibits.ts'
export {
  PictureClassification,
  type PictureClassificationConfig,
  type PictureSubject,
} from './classification/picture-classification.ts'
export {
  type LabelledText,
  TextClassification,
  type TextClassificationConfig,
  type TextSubject,
} from './classification/text-classification.ts'
export { type EvaluationExamples, evaluationExamples, heldOut, type LoadedDataset, loadDataset } from './dataset.ts'
export { type DigitsConfig, DigitsRecipe, digitsConfig } from './digits/digits-recipe.ts'
export type { AttentionExhibit, Exhibit, Sample, SamplesExhibit, TextExhibit } from './exhibit.ts'
export { type ForecastConfig, ForecastRecipe, forecastConfig } from './forecast/forecast-recipe.ts'
export type { SeriesWindow } from './forecast/series.ts'
export type { SeriesExhibit } from './forecast/series-exhibit.ts'
export { type FramesConfig, framesConfig } from './frames/frames-recipe.ts'
export {
  type GradientCurve,
  type GradientFlowOptions,
  type GradientFlowStudy,
  gradientFlowStudy,
} from './looking-inside/gradient-flow-study.ts'
export {
  type HiddenStates,
  hiddenStates,
  type InsideOptions,
  type LayerStates,
  type ObservedState,
} from './looking-inside/hidden-states.ts'
export type { TextPiece } from './looking-inside/read-text.ts'
export { spectralRadius } from './looking-inside/spectral-radius.ts'
export { type TellingUnit, type TellingUnitsOptions, tellingUnits } from './looking-inside/telling-units.ts'
export { type TextProperty, textProperties } from './looking-inside/text-properties.ts'
export { type NamesConfig, namesConfig } from './names/names-recipe.ts'
export {
  NgramLanguageModel,
  type NgramLanguageModelConfig,
  ngramLanguageModelConfig,
} from './ngram-lm/ngram-language-model.ts'
export { type NgramLmConfig, NgramLmRecipe, ngramLmConfig } from './ngram-lm/ngram-lm-recipe.ts'
export { recipesPlugin } from './plugin.ts'
export { openedFiles, type Prediction, type PredictOptions, type Predictor } from './predictor.ts'
export {
  type Abilities,
  type AnyRecipe,
  type Dataset,
  type EvaluateOptions,
  type FittedPipeline,
  type GenerateOptions,
  type Generator,
  type MetricInfo,
  type Pipeline,
  type Recipe,
  type RunFiles,
  recipePoint,
  type Translation,
  type Translator,
} from './recipe.ts'
export type { LabelledImage } from './rows/images.ts'
export { type RowsConfig, rowsConfig } from './rows/rows-recipe.ts'
export { closeRun, type OpenOptions, openRun, type Run } from './run.ts'
export { type RunConfig, readRunConfig, type UsedPart } from './run-config.ts'
export { type SentimentConfig, sentimentConfig } from './sentiment/sentiment-recipe.ts'
export { summarizeConfig } from './summarize/summarize-recipe.ts'
export { type TaggerConfig, TaggerRecipe, taggerConfig } from './tagger/tagger-recipe.ts'
export { textToCodeConfig } from './text-to-code/text-to-code-recipe.ts'
export { textToTextConfig } from './text-to-text/text-to-text-config.ts'
export { type TextPair, TextToTextRecipe, type TextToTextSubject } from './text-to-text/text-to-text-recipe.ts'
export {
  type Evaluation,
  type PreparedRun,
  type RunEvents,
  type TrainedRun,
  type TrainRunOptions,
  trainRun,
} from './train-run.ts'
export { type TrainingDefaults, type TrainingSettings, trainingFields } from './training-settings.ts'
export { translateConfig } from './translate/translate-recipe.ts'
export { type Use, type UseContext, type UseResult, usePoint } from './use.ts'
export type { Describer } from './writing/describer.ts'
export type { WritingExample } from './writing/exact-match.ts'
export { type Writer, type WritingParts, WritingPipeline } from './writing/writing-pipeline.ts'
export { type EncodedExample, WritingTask } from './writing/writing-task.ts'
