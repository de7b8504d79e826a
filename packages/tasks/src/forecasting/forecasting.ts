import { HeddleError, periodicYield } from '@heddle/core'
import { BatchSampler, batchesByLength, type Series } from '@heddle/data'
import { type MetricInfo, meanAbsoluteError, rootMeanSquaredError } from '@heddle/metrics'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { SeriesExhibit } from '../exhibits/series.ts'
import type { Baseline } from '../run/recipe.ts'
import { defineTask } from '../task/define-task.ts'
import type { Abortable, EvaluateOptions, Pipeline, StepwiseLearning } from '../task/pipeline.ts'
import { ownMetrics } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { trainingFields } from '../task/training-settings.ts'
import { judging } from '../uses/judge.ts'
import { type ForecastingModel, ForecastObjective } from './forecast-objective.ts'
import { parseSteps } from './parse-steps.ts'
import { readSeriesInput } from './read-series-input.ts'
import { FEATURES, learnScale, type Scale, scaleAsset, scaledWindow } from './scale.ts'
import { type SeriesExample, type SeriesWindow, seasonalDrift, seasonalNaive, windowsOf } from './series-windows.ts'
import { splitByTime } from './split-by-time.ts'

const EVALUATION_BATCH = 256
const SHOWN_WINDOWS = 6

const config = z.strictObject({
  model: part.prefault('recurrent-forecaster').describe('a forecasting model: its type and settings'),
  window: z.int().min(2).default(48).describe('number of known steps that a forecast is made from'),
  horizon: z.int().min(1).default(7).describe('number of steps to forecast'),
  period: z
    .int()
    .min(1)
    .optional()
    .describe('steps of a season (default: 365 for days, 12 for months, 24 for hours and so on)'),
  training: z.strictObject(trainingFields).prefault({}).describe('steps, batches, learning rate and validation'),
  metrics: ownMetrics,
})

const METRICS: readonly MetricInfo[] = [
  {
    name: 'skill',
    summary: 'share of the seasonal-naive error that is avoided',
    better: 'higher',
    percent: true,
  },
  { name: 'mae', summary: "mean absolute error, in the series' unit", better: 'lower' },
  { name: 'rmse', summary: "root of the mean squared error, in the series' unit", better: 'lower' },
]

/** The next steps of a series, in its unit. */
export type Forecast = readonly number[] // N

export interface ForecastingPipeline extends Pipeline<SeriesExample, Series, Forecast> {
  readonly horizon: number
  /** Number of steps of a season. */
  readonly period: number
  /** The scores of forecasts that were made in any way, one for each window of the examples. */
  score(
    examples: readonly SeriesExample[],
    forecast: (window: SeriesWindow, i: number) => Forecast,
  ): Record<string, number>
}

/** Forecasting: the next steps of a series from a window of it. Training, validation and test follow each other in time. */
export const forecasting = defineTask({
  name: 'forecasting',
  summary: 'the next steps of a time series',
  unit: 'values',
  config,
  assets: { scale: scaleAsset },

  learn: (train: readonly SeriesExample[], { horizon, period }): { readonly scale: Scale } => ({
    scale: learnScale(train, horizon, period),
  }),

  sizes: (_, { horizon }) => ({ featureSize: FEATURES, horizon }),

  split: (examples, settings, _, config) => splitByTime(examples, settings, config),

  count: (examples, config) => `${windowsOf(examples, config).length.toLocaleString('en')} windows`,

  pipeline({ model, assets: { scale }, config }): ForecastingPipeline {
    const forecaster = model as ForecastingModel
    const objective = new ForecastObjective(forecaster)
    const { horizon, window, training } = config
    const scaled = (place: SeriesWindow) => {
      checkDates(place.series, scale)
      return scaledWindow(place, scale, config)
    }

    /** The next steps after each place, in the series' unit. */
    const forecast = async (
      places: readonly SeriesWindow[],
      { signal, onProgress }: EvaluateOptions = {},
    ): Promise<Forecast[]> => {
      checkKnown(places)
      const yieldNow = periodicYield(signal)
      const forecasts: Forecast[] = []
      for (let at = 0; at < places.length; at += EVALUATION_BATCH) {
        await yieldNow()
        const batch = places.slice(at, at + EVALUATION_BATCH)
        const { x, targets } = objective.collate(batch.map(scaled))
        const values = await valuesOf(forecaster, x, targets)
        const N = horizon
        for (const [b, { series, at: place }] of batch.entries()) {
          const last = series.values[place - 1]!
          const changes = values.subarray(b * N, (b + 1) * N)
          forecasts.push(Array.from(changes, (change) => last + scale.deviation * change))
        }
        onProgress?.(forecasts.length, places.length)
      }
      return forecasts
    }

    /** The error of the seasonal-naive forecast, which skill is relative to; undefined without examples. */
    const naiveErrorOf = (examples: readonly SeriesExample[]): number | undefined => {
      const places = windowsOf(examples, config)
      if (places.length === 0) return undefined
      const actual = places.flatMap(({ series, at }) => series.values.slice(at, at + horizon))
      return meanAbsoluteError(
        places.flatMap((place) => seasonalNaive(place, horizon, scale.period)),
        actual,
      )
    }

    const score: ForecastingPipeline['score'] = (examples, forecastOf) => {
      const places = windowsOf(examples, config)
      const actual = places.flatMap(({ series, at }) => series.values.slice(at, at + horizon))
      const predicted = places.flatMap(forecastOf)
      const [mae, naiveMae] = [meanAbsoluteError(predicted, actual), naiveErrorOf(examples) ?? 0]
      return {
        // Where the naive forecast makes no error, there is nothing to avoid.
        ...(naiveMae > 0 && { skill: 1 - mae / naiveMae }),
        mae,
        rmse: rootMeanSquaredError(predicted, actual),
      }
    }

    const evaluate = async (examples: readonly SeriesExample[], options?: EvaluateOptions) => {
      const places = windowsOf(examples, config)
      const forecasts = await forecast(places, options)
      return { ...score(examples, (_, i) => forecasts[i]!), examples: places.length }
    }

    const learning: StepwiseLearning<SeriesExample> = {
      objective,
      validationMetrics: (examples) => [
        'loss',
        ...METRICS.map(({ name }) => name).filter((name) => name !== 'skill' || naiveErrorOf(examples) !== 0),
      ],
      trainingBatches(examples, rng) {
        const windows = windowsOf(examples, config).map(scaled)
        return new BatchSampler(windows, {
          batchSize: Math.min(training.batchSize, windows.length),
          dropLast: true,
          rng,
        })
      },
      validationBatches: (examples) =>
        batchesByLength(windowsOf(examples, config).map(scaled), { batchSize: EVALUATION_BATCH }),
      async validate(examples, signal) {
        const { examples: _, ...metrics } = await evaluate(examples, { signal })
        return metrics
      },
    }

    return {
      learning,
      metrics: METRICS,
      evaluate,
      score,
      horizon,
      period: scale.period,
      predict: async (all, { signal } = {}) => {
        const forecasts: Forecast[] = []
        // Series may be shorter than a window, each in its own way.
        for (const series of all)
          forecasts.push(...(await forecast([{ series, at: series.values.length }], { signal })))
        return forecasts
      },
      input: {
        kind: 'text',
        lines: 'one input',
        read: (text) => parseSteps(text, scale.dated),
        readAll: (source) => readSeriesInput(source, scale.dated),
      },
      row: (values) => ({ prediction: values }),
      format: (values) => values.map((value) => value.toPrecision(4)).join(' '),
      async demonstrate(examples, _, options) {
        const places = windowsOf(examples, config)
        const every = Math.max(1, Math.floor(places.length / SHOWN_WINDOWS))
        const shown = places.filter((_, i) => i % every === 0).slice(0, SHOWN_WINDOWS)
        const forecasts = await forecast(shown, options)
        return shown.map((place, i): SeriesExhibit => {
          const { series, at } = place
          const start = Math.max(0, at - window)
          return {
            kind: 'series',
            title: `From ${series.steps[at]} on`,
            steps: series.steps.slice(start, at + horizon),
            history: series.values.slice(start, at),
            actual: series.values.slice(at, at + horizon),
            forecast: forecasts[i]!,
            baseline: seasonalNaive(place, horizon, scale.period),
          }
        })
      },
      abilities: [
        judging.of({
          async judge(examples: readonly SeriesExample[], options?: Abortable) {
            const places = windowsOf(examples, config)
            const forecasts = await forecast(places, options)
            return places.map(({ series, at }, i) => {
              const gold = series.values.slice(at, at + horizon)
              return {
                step: series.steps[at],
                gold,
                prediction: forecasts[i]!,
                mae: meanAbsoluteError(forecasts[i]!, gold),
              }
            })
          },
        }),
      ],
    }
  },
})

/** The forecasts of a batch [B · N]; frees the batch. */
async function valuesOf(forecaster: ForecastingModel, x: tf.Tensor, targets: tf.Tensor): Promise<Float32Array> {
  try {
    const output = tf.tidy(() => forecaster.forward(x)) // [B, N]
    const values = (await output.data()) as Float32Array
    output.dispose()
    return values
  } finally {
    tf.dispose([x, targets])
  }
}

function checkKnown(places: readonly SeriesWindow[]): void {
  if (places.every(({ at }) => at > 0)) return
  throw new HeddleError(
    'data',
    'forecasting: expected at least one known step, got none. Give the last steps of the series.',
  )
}

function checkDates(series: Series, { dated }: Scale): void {
  if (dated === (series.times !== undefined)) return
  throw new HeddleError(
    'data',
    `forecasting: expected a series ${dated ? 'with' : 'without'} dates, as in training, got one ${dated ? 'without' : 'with'}.`,
  )
}

/** Baseline: the seasonal-naive forecast, the errors of the same with growth, and that of repeating the last value. */
export const seasonalNaiveForecast: Baseline<SeriesExample, ForecastingPipeline> = ({ heldOut, pipeline }) => {
  const { score, horizon, period } = pipeline
  const naive = score(heldOut, (window) => seasonalNaive(window, horizon, period))
  const last = score(heldOut, ({ series, at }) => new Array<number>(horizon).fill(series.values[at - 1]!))
  const { skill, mae } = score(heldOut, (window) => seasonalDrift(window, horizon, period))
  return { ...naive, driftMae: mae!, ...(skill !== undefined && { driftSkill: skill }), lastValueMae: last['mae']! }
}
