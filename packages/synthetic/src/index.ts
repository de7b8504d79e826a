export { type AdditionPairsOptions, additionPairs, countCarries } from './addition/addition-pairs.ts'
export {
  type MovingScenesOptions,
  movingScenes,
  type SceneClip,
  type SceneClipWithCaption,
} from './clips/moving-scenes.ts'
export { type LabeledClip, type MovingShapesOptions, movingShapes } from './clips/moving-shapes.ts'
export { type ShapeMotionsOptions, shapeMotions } from './clips/shape-motions.ts'
export { dialoguePairs } from './dialogue/dialogue-pairs.ts'
export { type DrawnDigitsOptions, drawnDigits, type LabeledPicture } from './digits/drawn-digits.ts'
export { type DyckLanguage, type DyckWordsOptions, dyckWords, MOST_KINDS, nextBrackets } from './dyck/dyck-words.ts'
export { englishKoreanPairs } from './english-korean/english-korean-pairs.ts'
export { namedEntities } from './named-entities/named-entities.ts'
export { namesByPeople } from './names/names-by-people.ts'
export { newsSummaries } from './news/news-summaries.ts'
export {
  type AnsweredQuestion,
  type AnsweredQuestionsOptions,
  answeredQuestions,
} from './passages/answered-questions.ts'
export { pythonDescriptions } from './python/python-descriptions.ts'
export { koreanReviews } from './reviews/korean-reviews.ts'
export { NUM_STYLES, SCENE_SIZE, type ScenePicture, type SceneWithCaption } from './scenes/draw-scene.ts'
export { drawnScenes } from './scenes/drawn-scenes.ts'
export { type SentencePair, type SentencePairsOptions, sentencePairs } from './sentence-pairs/sentence-pairs.ts'
export {
  copyPairs,
  type LetterSequencesOptions,
  reversePairs,
  sortPairs,
} from './sequences/letter-sequences.ts'
export type { TextPair } from './shared/distinct-pairs.ts'
export type { LabeledText } from './shared/labeled-text.ts'
export { spelledWords } from './spelling/spelled-words.ts'
export {
  type SoundClip,
  type SpokenDigitsOptions,
  spokenDigits,
  type TranscribedClip,
} from './spoken-digits/spoken-digits.ts'
export { stories } from './stories/stories.ts'
export { type TaggedSentence, taggedSentences } from './tagged-sentences/tagged-sentences.ts'
export { hourlyWeather, type TimeSeries } from './weather/hourly-weather.ts'
