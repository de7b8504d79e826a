import type { Plugin } from '@heddle/core'
import { accuracyMetric } from './accuracy.ts'
import { bleuMetric } from './bleu.ts'
import { chrfMetric } from './chrf.ts'
import { pearsonMetric, spearmanMetric } from './correlation.ts'
import { characterErrorRateMetric, wordErrorRateMetric } from './error-rate.ts'
import { exactMatchMetric } from './exact-match.ts'
import { labelSetF1Metric, subsetAccuracyMetric } from './label-sets.ts'
import { bitsPerCharacterMetric, perplexityMetric } from './perplexity.ts'
import { phoneErrorRateMetric } from './phone-error-rate.ts'
import { f1Metric } from './precision-recall.ts'
import { meanAbsoluteErrorMetric, rootMeanSquaredErrorMetric } from './regression.ts'
import { rougeMetric } from './rouge.ts'
import { spanF1Metric } from './span-f1.ts'

/** The metrics of this package as a plugin. */
export const metricsPlugin: Plugin = {
  name: '@heddle/metrics',
  contributes: [
    accuracyMetric,
    exactMatchMetric,
    f1Metric,
    spanF1Metric,
    labelSetF1Metric,
    subsetAccuracyMetric,
    perplexityMetric,
    bitsPerCharacterMetric,
    bleuMetric,
    chrfMetric,
    rougeMetric,
    wordErrorRateMetric,
    characterErrorRateMetric,
    phoneErrorRateMetric,
    meanAbsoluteErrorMetric,
    rootMeanSquaredErrorMetric,
    pearsonMetric,
    spearmanMetric,
  ],
}
