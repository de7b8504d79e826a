import { readSeries } from '@heddle/data'
import { hourlyWeather } from '@heddle/synthetic'
import { forecasting, recipe, seasonalNaiveForecast } from '@heddle/tasks'
import * as z from 'zod'

/** The next steps of a series from a window of it. */
export const forecast = recipe({
  name: 'forecast',
  summary: 'the next steps of a time series (built-in: hourly temperatures)',
  task: forecasting,
  data: {
    count: 6000,
    counts: 'hours of built-in weather',
    validation: 0.15,
    test: 0.25,
    fields: {
      column: z.string().optional().describe('column to forecast (default: the first one of numbers)'),
      dateColumn: z.string().optional().describe('column of dates (default: the first one of dates)'),
    },
    format: 'a CSV file with a header: a column of numbers, and one of ascending dates if there are any',
    builtIn: ({ count }, rng) => [hourlyWeather(count, rng)],
    read: (source, { column, dateColumn }) => readSeries(source, { where: 'forecast', column, dateColumn }),
  },
  defaults: {
    model: { type: 'recurrent-forecaster', hiddenSize: 64, cell: 'gru', dropout: 0.2 },
    window: 48,
    horizon: 7,
    training: {
      steps: 500,
      batchSize: 64,
      learningRate: 3e-3,
      warmupSteps: 50,
      evaluateEvery: 50,
      optimizer: { type: 'adamw', weightDecay: 0.05 },
    },
  },
  expected: { skill: 0.75 },
  baseline: seasonalNaiveForecast,
})
