import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { wave } from '../test-support/tiny-examples.ts'
import { forecasting, seasonalNaiveForecast } from './forecasting.ts'

const series = wave(60)

taskContract('forecasting', {
  task: forecasting,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: {
    model: { type: 'recurrent-forecaster', hiddenSize: 4, dropout: 0.2 },
    window: 8,
    horizon: 3,
    period: 8,
    training: { batchSize: 4 },
  },
  train: [{ ...series, range: { start: 8, end: 40 } }],
  heldOut: [{ ...series, range: { start: 42, end: 60 } }],
  inputs: [wave(20), wave(5), wave(11)],
})

describe('forecasting', () => {
  const settings = {
    model: { type: 'recurrent-forecaster', hiddenSize: 8 },
    window: 8,
    horizon: 3,
    period: 8,
    training: { batchSize: 8, learningRate: 0.02, warmupSteps: 2 },
  }
  const create = (more: object = {}) =>
    forecasting.create({ ...settings, ...more }, { registry, rng: new RandomStream(1) })
  const plain = (values: number[]) => ({ values, steps: values.map((_, t) => `${t}`) })

  it('learns to be better than the season before, in the unit of the series', async () => {
    const values = wave(160).values.map((value, t) => 50 + 10 * value + 2 * t)
    const task = create()
    const parts = task.split([plain(values)], { validation: 0.1, test: 0.2 }, 1)
    await task.fit(parts.train, { validation: parts.validation, steps: 80 })
    const { skill, mae } = await task.evaluate(parts.test)
    // The season before is 8 · 2.1 lower.
    expect(mae).toBeLessThan(8)
    expect(skill).toBeCloseTo(1 - mae! / (8 * 2.1), 1)
    task.dispose()
  })

  it('forecasts a constant series, and has no skill where the season before makes no error', async () => {
    for (const values of [new Array<number>(60).fill(0.1), Array.from({ length: 60 }, (_, t) => t % 8)]) {
      const task = create()
      const parts = task.split([plain(values)], { validation: 0.1, test: 0.2 }, 1)
      await task.fit(parts.train, { validation: parts.validation, steps: 3 })
      const metrics = await task.evaluate(parts.test)
      expect(metrics).not.toHaveProperty('skill')
      expect(Object.values(metrics).every(Number.isFinite), JSON.stringify(metrics)).toBe(true)
      const [forecast] = await task.predict([plain(values)])
      expect(forecast!.every(Number.isFinite)).toBe(true)
      const baseline = await seasonalNaiveForecast({ ...parts, heldOut: parts.test, pipeline: task.pipeline })
      expect(baseline['mae']).toBe(0)
      task.dispose()
    }
  })

  it('refuses to be judged by a skill that the validation part does not have, before training', async () => {
    const periodic = plain(Array.from({ length: 60 }, (_, t) => t % 8))
    const task = create({ training: { ...settings.training, monitor: 'skill' } })
    const { train, validation } = task.split([periodic], { validation: 0.1, test: 0.2 }, 1)
    const steps: number[] = []
    const events = { onStep: ({ step }: { step: number }) => void steps.push(step) }
    await expect(task.fit(train, { validation, steps: 2, events })).rejects.toThrow(
      "expected training.monitor to be a metric that the validation examples have, got 'skill'. Known: 'loss', 'mae', 'rmse'.",
    )
    expect(steps).toEqual([])
    task.dispose()
  })

  it('refuses a series without steps, one with dates where training had none, and metrics that it would ignore', async () => {
    const task = create()
    await task.fit([plain(wave(40).values as number[])], { steps: 1 })
    await expect(task.predict([plain([])])).rejects.toThrow('expected at least one known step, got none')
    await expect(task.predict([{ ...plain([1, 2]), times: [1, 2] }])).rejects.toThrow('expected a series without dates')
    task.dispose()
    expect(() => create({ metrics: ['accuracy'] })).toThrow('no metrics besides its own')
  })

  it('reads steps from text, with dates where training had some', async () => {
    const dates = Array.from({ length: 40 }, (_, t) => `2024-02-${t + 1}`).slice(0, 28)
    const values = wave(28).values as number[]
    const times = dates.map((date) => Date.parse(date.replace(/-(\d)$/, '-0$1')))
    const task = create()
    await task.fit([{ values, steps: dates, times }], { steps: 1 })
    const { input } = task.pipeline
    if (input.kind !== 'text') return expect.unreachable()
    expect(input.read('2024-03-01,1.5; 2024-03-02,2').values).toEqual([1.5, 2])
    for (const wrong of ['1, 2, 3', '1,2', '2020-01-01,', '']) {
      expect(() => input.read(wrong)).toThrow('expected lines of date,value')
    }
    task.dispose()
  })
})
