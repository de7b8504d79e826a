import { HeddleError, type RandomStream, show } from '@heddle/core'
import { BatchSampler, batchesByLength, parseDate, type Series } from '@heddle/data'
import { setTraining } from '@heddle/layers'
import { meanAbsoluteError, rootMeanSquaredError } from '@heddle/metrics'
import * as tf from '@tensorflow/tfjs-core'
import type { Exhibit } from '../exhibit.ts'
import type { Prediction, Predictor } from '../predictor.ts'
import type { Abilities, Pipeline } from '../recipe.ts'
import { type ForecastBatch, type ForecastingModel, ForecastTask } from './forecast-task.ts'
import { type Scale, type ScaledWindow, scaledWindow } from './scale.ts'
import { type SeriesWindow, seasonalNaive } from './series.ts'

const EVALUATION_BATCH = 256
const SHOWN_WINDOWS = 6

export interface ForecastSettings {
  readonly window: number
  readonly horizon: number
  readonly batchSize: number
}

/** Windows of a series to the steps that come after them. */
export class ForecastPipeline implements Pipeline<SeriesWindow, ScaledWindow, ForecastBatch>, Predictor {
  readonly task: ForecastTask
  readonly abilities: Abilities = { predictor: this }
  readonly #model: ForecastingModel
  readonly #scale: Scale
  readonly #settings: ForecastSettings

  constructor(model: ForecastingModel, scale: Scale, settings: ForecastSettings) {
    this.#model = model
    this.#scale = scale
    this.#settings = settings
    this.task = new ForecastTask(model)
  }

  trainingBatches(windows: readonly SeriesWindow[], rng: RandomStream): BatchSampler<ScaledWindow> {
    const batchSize = Math.min(this.#settings.batchSize, windows.length)
    return new BatchSampler(windows.map(this.#scaled), { batchSize, dropLast: true, rng })
  }

  validationBatches(windows: readonly SeriesWindow[]): Iterable<ScaledWindow[]> {
    return batchesByLength(windows.map(this.#scaled), { batchSize: EVALUATION_BATCH })
  }

  async validate(windows: readonly SeriesWindow[]): Promise<Record<string, number>> {
    const { mae, skill } = await this.evaluate(windows)
    return { mae: mae!, skill: skill! }
  }

  async evaluate(windows: readonly SeriesWindow[]): Promise<Record<string, number>> {
    const { horizon } = this.#settings
    const forecasts = (await this.#forecast(windows)).flat()
    const actual = windows.flatMap(({ series, at }) => series.values.slice(at, at + horizon))
    const naive = windows.flatMap((window) => seasonalNaive(window, horizon, this.#scale.period))
    const mae = meanAbsoluteError(forecasts, actual)
    return {
      mae,
      rmse: rootMeanSquaredError(forecasts, actual),
      skill: 1 - mae / meanAbsoluteError(naive, actual),
      examples: windows.length,
    }
  }

  async demonstrate(windows: readonly SeriesWindow[]): Promise<Exhibit[]> {
    const { horizon, window } = this.#settings
    const every = Math.max(1, Math.floor(windows.length / SHOWN_WINDOWS))
    const shown = windows.filter((_, i) => i % every === 0).slice(0, SHOWN_WINDOWS)
    const forecasts = await this.#forecast(shown)
    return shown.map(({ series, at }, i) => {
      const start = Math.max(0, at - window)
      return {
        kind: 'series',
        title: `From ${series.steps[at]} on`,
        steps: series.steps.slice(start, at + horizon),
        history: series.values.slice(start, at),
        actual: series.values.slice(at, at + horizon),
        forecast: forecasts[i]!,
        baseline: seasonalNaive({ series, at }, horizon, this.#scale.period),
      }
    })
  }

  /** @param inputs each a series, oldest step first: lines of `value`, or of `date,value` */
  async predict(inputs: readonly string[]): Promise<Prediction[]> {
    const windows = inputs.map((input) => {
      const series = parseSteps(input, this.#scale.dated)
      return { series, at: series.values.length }
    })
    const forecasts: number[][] = []
    for (const window of windows) forecasts.push(...(await this.#forecast([window])))
    return forecasts.map((values) => ({ text: values.map((value) => value.toPrecision(4)).join(' '), json: values }))
  }

  readonly #scaled = (window: SeriesWindow): ScaledWindow => {
    if (this.#scale.dated !== (window.series.times !== undefined)) {
      throw new HeddleError(
        'data',
        `forecast: expected a series ${this.#scale.dated ? 'with' : 'without'} dates, as in training, got one ${this.#scale.dated ? 'without' : 'with'}.`,
      )
    }
    return scaledWindow(window, this.#scale, this.#settings)
  }

  /** The next steps after each window, in the series' unit. */
  async #forecast(windows: readonly SeriesWindow[]): Promise<number[][]> {
    setTraining(this.#model, false)
    const { deviation } = this.#scale
    const forecasts: number[][] = []
    for (let at = 0; at < windows.length; at += EVALUATION_BATCH) {
      const batch = windows.slice(at, at + EVALUATION_BATCH)
      const { x, targets } = this.task.collate(batch.map(this.#scaled))
      const output = tf.tidy(() => this.#model.forward(x)) // [B, N]
      const [, N] = output.shape as [number, number]
      const values = await output.data()
      for (const [b, { series, at: place }] of batch.entries()) {
        const last = series.values[place - 1]!
        forecasts.push(Array.from(values.subarray(b * N, (b + 1) * N), (change) => last + deviation * change))
      }
      tf.dispose([x, targets, output])
    }
    return forecasts
  }
}

function parseSteps(input: string, dated: boolean): Series {
  const rows = input
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s*,\s*/))
  const wrong = rows.find(
    (cells) =>
      cells.length !== (dated ? 2 : 1) ||
      !Number.isFinite(Number(cells.at(-1) || Number.NaN)) ||
      (dated && parseDate(cells[0]!) === undefined),
  )
  if (rows.length === 0 || wrong !== undefined) {
    throw new HeddleError(
      'data',
      `predict: expected lines of ${dated ? 'date,value' : 'one value'}, got ${wrong === undefined ? 'none' : show(wrong.join(','))}. Give the last steps of the series, oldest first.`,
    )
  }
  const steps = rows.map(([first]) => first!)
  const values = rows.map((cells) => Number(cells.at(-1)))
  return dated ? { values, steps, times: steps.map((step) => parseDate(step)!) } : { values, steps }
}
