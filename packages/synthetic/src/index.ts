export { type LabeledClip, type MovingShapesOptions, movingShapes } from './clips/moving-shapes.ts'
export { dialoguePairs } from './dialogue/dialogue-pairs.ts'
export { type DrawnDigitsOptions, drawnDigits, type LabeledPicture } from './digits/drawn-digits.ts'
export { englishKoreanPairs } from './english-korean/english-korean-pairs.ts'
export { namesByPeople } from './names/names-by-people.ts'
export { newsSummaries } from './news/news-summaries.ts'
export { pythonDescriptions } from './python/python-descriptions.ts'
export { koreanReviews } from './reviews/korean-reviews.ts'
export { NUM_STYLES, SCENE_SIZE, type ScenePicture, type SceneWithCaption } from './scenes/draw-scene.ts'
export { drawnScenes } from './scenes/drawn-scenes.ts'
export type { TextPair } from './shared/distinct-pairs.ts'
export type { LabeledText } from './shared/labeled-text.ts'
export {
  type SoundClip,
  type SpokenDigitsOptions,
  spokenDigits,
  type TranscribedClip,
} from './spoken-digits/spoken-digits.ts'
export { stories } from './stories/stories.ts'
export { type TaggedSentence, taggedSentences } from './tagged-sentences/tagged-sentences.ts'
export { hourlyWeather, type TimeSeries } from './weather/hourly-weather.ts'
