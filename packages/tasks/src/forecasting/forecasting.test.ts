import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { registry } from '../test-support/registry.ts'
import { wave } from '../test-support/tiny-examples.ts'
import { forecasting } from './forecasting.ts'

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
