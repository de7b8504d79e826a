import { RandomStream } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { hourlyWeather } from '@heddle/synthetic'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { ForecastRecipe, forecastConfig } from './forecast-recipe.ts'
import { FEATURES, readScale, scaledWindow } from './scale.ts'

beforeAll(() => useWasm({ threads: 1 }))

const csv = (values: readonly number[]) => memorySource('x.csv', `x\n${values.join('\n')}\n`)

describe('split', () => {
  it('goes by time, and forecasts no step in two parts', async () => {
    const recipe = new ForecastRecipe(forecastConfig.parse({ window: 5, horizon: 3 }))
    const { examples } = await recipe.read(csv(Array.from({ length: 60 }, (_, i) => i)))
    const { train, validation, test } = recipe.split(examples)
    const steps = [train, validation, test].map((part) => part.flatMap(({ at }) => [at, at + 2]))
    expect(Math.max(...steps[0]!)).toBeLessThan(Math.min(...steps[1]!))
    expect(Math.max(...steps[1]!)).toBeLessThan(Math.min(...steps[2]!))
    expect(Math.max(...steps[2]!)).toBe(59)
  })

  it('says when a series is too short', async () => {
    const recipe = new ForecastRecipe(forecastConfig.parse({ window: 5, horizon: 3 }))
    await expect(recipe.read(csv([1, 2, 3]))).rejects.toThrow('expected at least 8 steps, got 3')
    const { examples } = await recipe.read(csv([1, 2, 3, 4, 5, 6, 7, 8]))
    expect(() => recipe.split(examples)).toThrow('got 1 windows in all')
  })
})

describe('scaledWindow', () => {
  it('shows a model nothing of what it is to forecast', () => {
    const weather = hourlyWeather(200, new RandomStream(1))
    const changed = { ...weather, values: weather.values.map((value, i) => (i < 100 ? value : -value)) }
    const recipe = new ForecastRecipe(forecastConfig.parse({}))
    const scale = readScale(recipe.fit([{ series: weather, at: 90 }]))
    const sizes = { window: 20, horizon: 4 }
    const [a, b] = [weather, changed].map((series) => scaledWindow({ series, at: 100 }, scale, sizes))
    expect(a!.features).toHaveLength(20 * FEATURES)
    expect(a!.features).toEqual(b!.features)
    expect(a!.target).not.toEqual(b!.target)
  })
})

describe('forecast', () => {
  it('is far better than the day before on built-in weather, and goes on with a series', async () => {
    const store = new MemoryStore()
    const schedule = { steps: 200, warmupSteps: 20, evaluateEvery: 100, learningRate: 6e-3 }
    const recipe = { type: 'forecast', length: 3000, window: 24, horizon: 6, hiddenSize: 32, ...schedule }
    const { evaluation, exhibits } = await trainRun({ registry, store, recipe })
    const { metrics, baseline } = evaluation!
    expect(metrics['skill']).toBeGreaterThan(0.7)
    expect(metrics['skill']).toBeCloseTo(1 - metrics['mae']! / baseline!['mae']!, 6)
    expect(metrics['mae']).toBeLessThan(0.6 * baseline!['lastValueMae']!)
    const [series] = exhibits
    expect(series).toMatchObject({ kind: 'series' })

    const run = await openRun({ store, registry })
    const { values, steps } = hourlyWeather(530, new RandomStream(9))
    const input = Array.from({ length: 24 }, (_, i) => `${steps[i + 500]},${values[i + 500]}`).join('\n')
    const [prediction] = await run.pipeline.abilities.predictor!.predict([input])
    const forecast = prediction!.json as number[]
    const errors = forecast.map((value, h) => Math.abs(value - values[524 + h]!))
    expect(errors).toHaveLength(6)
    expect(errors.reduce((sum, error) => sum + error, 0) / 6).toBeLessThan(3)
    for (const wrong of ['1, 2, 3', '1,2', '2020-01-01,', '']) {
      await expect(run.pipeline.abilities.predictor!.predict([wrong])).rejects.toThrow('expected lines of date,value')
    }
    closeRun(run)
  })
})
