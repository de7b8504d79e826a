export { type AccuracyOptions, accuracy, type Label } from './accuracy.ts'
export { type BleuOptions, type BleuScore, type BleuSmoothing, bleu, sentenceBleu } from './bleu.ts'
export { type BleuTokenizer, bleuTokens } from './bleu-tokenize.ts'
export { type ChrfOptions, chrf } from './chrf.ts'
export { type ConfusionMatrix, confusionMatrix } from './confusion-matrix.ts'
export { pearson, spearman } from './correlation.ts'
export { characterErrorRate, type ErrorRate, wordErrorRate } from './error-rate.ts'
export { exactMatch } from './exact-match.ts'
export { labelSetF1, rankingAveragePrecision, subsetAccuracy } from './label-sets.ts'
export { bestLabelThresholds, type LabelThresholdOptions } from './label-thresholds.ts'
export { type Metric, type MetricInfo, metricPoint, type References } from './metric.ts'
export { bitsPerCharacter, perplexity } from './perplexity.ts'
export { type PronunciationErrors, phoneErrorRateMetric, pronunciationErrors } from './phone-error-rate.ts'
export { metricsPlugin } from './plugin.ts'
export {
  binaryPrecisionRecallF1,
  type ClassScores,
  type PrecisionRecallF1,
  precisionRecallF1,
} from './precision-recall.ts'
export { meanAbsoluteError, rootMeanSquaredError } from './regression.ts'
export { type RougeOptions, type RougeScore, type RougeTokenizer, type RougeValue, rouge } from './rouge.ts'
export { type Span, type SpanF1Options, spanF1, spansOf } from './span-f1.ts'
export { strictSpansOf, type TagScheme } from './strict-spans.ts'
