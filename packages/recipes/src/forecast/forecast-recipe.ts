import { HeddleError, type PartSpec, RandomStream } from '@heddle/core'
import { type DataSource, type ReadExamples, readSeries, type Series } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { meanAbsoluteError, rootMeanSquaredError } from '@heddle/metrics'
import { hourlyWeather } from '@heddle/synthetic'
import * as z from 'zod'
import { heldOut } from '../dataset.ts'
import { type Dataset, type MetricInfo, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { ForecastPipeline } from './forecast-pipeline.ts'
import type { ForecastBatch, ForecastingModel } from './forecast-task.ts'
import { FEATURES, readScale, type ScaledWindow, scaleFiles } from './scale.ts'
import { type SeriesWindow, seasonalNaive } from './series.ts'

const share = z.number().positive().max(0.5)

export const forecastConfig = z.strictObject({
  length: z.int().min(200).default(6000).describe('hours of built-in weather'),
  column: z.string().optional().describe('the column to forecast; by default the first one of numbers'),
  dateColumn: z.string().optional().describe('the column of dates; by default the first one of dates'),
  period: z
    .int()
    .min(1)
    .optional()
    .describe('steps of a season; by default 365 for days, 12 for months, 24 for hours and so on'),
  window: z.int().min(2).default(48).describe('steps that the forecast is made from'),
  horizon: z.int().min(1).default(7).describe('steps to forecast'),
  validation: share.default(0.15).describe('share of the series, before the test part, held out for validation'),
  test: share.default(0.25).describe('share of the series, at its end, held out for the test'),
  hiddenSize: z.int().min(1).default(64).describe('features of the hidden state'),
  numLayers: z.int().min(1).default(1).describe('recurrent layers'),
  cell: z
    .union([z.string(), z.looseObject({ type: z.string() })])
    .default('gru')
    .describe("recurrent cell: 'lstm', 'gru', 'rnn', another plugin's name, or { type, … }"),
  dropout: z.number().min(0).max(1).default(0.2).describe('dropout between layers and before the output'),
  batchSize: z.int().min(1).default(64).describe('windows in a batch'),
  ...trainingFields({
    steps: 500,
    learningRate: 3e-3,
    warmupSteps: 50,
    evaluateEvery: 50,
    weightDecay: 0.05,
    monitors: ['loss', 'mae', 'skill'],
  }),
})
export type ForecastConfig = z.output<typeof forecastConfig>

const METRICS: readonly MetricInfo[] = [
  {
    name: 'skill',
    summary: 'share of the seasonal-naive error that is avoided',
    better: 'higher',
    expected: 0.75,
    percent: true,
  },
  { name: 'mae', summary: "mean absolute error, in the series' unit", better: 'lower' },
  { name: 'rmse', summary: 'root of the mean squared error', better: 'lower' },
]

/** Time series: the next steps of a series from a window of it, against what was there a season before. */
export class ForecastRecipe implements Recipe<SeriesWindow, ScaledWindow, ForecastBatch> {
  readonly training: ForecastConfig
  readonly metrics = METRICS
  readonly dataFormat = 'a CSV file with a header: a column of numbers, and one of ascending dates if there are any'
  readonly #config: ForecastConfig

  constructor(config: ForecastConfig) {
    this.#config = config
    this.training = config
  }

  builtIn(seed: number): SeriesWindow[] {
    return this.#windows(hourlyWeather(this.#config.length, new RandomStream(seed)))
  }

  async read(source: DataSource): Promise<ReadExamples<SeriesWindow>> {
    const { column, dateColumn } = this.#config
    const { examples, notes } = await readSeries(source, { where: 'forecast', column, dateColumn })
    return { examples: this.#windows(examples[0]!), notes }
  }

  /** By time: validation comes after training, the test after both, and no step to forecast is in two of them. */
  split(windows: readonly SeriesWindow[]): Dataset<SeriesWindow> {
    const { validation, test, horizon } = this.#config
    const testStart = Math.floor(windows.length * (1 - test))
    const validationStart = Math.floor(windows.length * (1 - test - validation))
    const gap = horizon - 1
    const parts = {
      train: windows.slice(0, Math.max(0, validationStart - gap)),
      validation: windows.slice(validationStart, Math.max(validationStart, testStart - gap)),
      test: windows.slice(testStart),
    }
    if (Object.values(parts).some((part) => part.length === 0)) {
      throw new HeddleError(
        'data',
        `forecast: expected a series with windows for training, validation and test, got ${windows.length} windows in all. Lower window or horizon, or use a longer series.`,
      )
    }
    return parts
  }

  fit(train: readonly SeriesWindow[]): RunFiles {
    const { series, at } = train.at(-1)!
    return scaleFiles(series, at + this.#config.horizon, this.#config.period)
  }

  model(): PartSpec {
    const { horizon, hiddenSize, numLayers, cell, dropout } = this.#config
    return { type: 'recurrent-forecaster', featureSize: FEATURES, horizon, hiddenSize, numLayers, cell, dropout }
  }

  pipeline(model: Module, files: RunFiles): ForecastPipeline {
    return new ForecastPipeline(model as ForecastingModel, readScale(files), this.#config)
  }

  async baseline(dataset: Dataset<SeriesWindow>): Promise<Record<string, number>> {
    const { horizon } = this.#config
    const { period } = readScale(this.fit(dataset.train))
    const { examples } = heldOut(dataset)
    const actual = examples.flatMap(({ series, at }) => series.values.slice(at, at + horizon))
    const naive = examples.flatMap((window) => seasonalNaive(window, horizon, period))
    const last = examples.flatMap(({ series, at }) => new Array<number>(horizon).fill(series.values[at - 1]!))
    return {
      mae: meanAbsoluteError(naive, actual),
      rmse: rootMeanSquaredError(naive, actual),
      skill: 0,
      lastValueMae: meanAbsoluteError(last, actual),
    }
  }

  #windows(series: Series): SeriesWindow[] {
    const { window, horizon } = this.#config
    const count = series.values.length - window - horizon + 1
    if (count < 1) {
      throw new HeddleError(
        'data',
        `forecast: expected at least ${window + horizon} steps, got ${series.values.length}. Lower window or horizon, or use a longer series.`,
      )
    }
    return Array.from({ length: count }, (_, i) => ({ series, at: window + i }))
  }
}

export const forecastRecipe = recipePoint.of({
  name: 'forecast',
  summary: 'the next steps of a time series (built-in: hourly temperatures)',
  config: forecastConfig,
  create: (config) => new ForecastRecipe(config),
})
