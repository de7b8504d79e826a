import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { AdamW, constant, onPlateau, Trainer, validate } from './index.ts'
import { type Batch, Batches, type Example, examples, Network } from './test-support/regression.ts'
import { setUp, weights } from './test-support/set-up.ts'

beforeAll(useCpu)

describe('validation', () => {
  it('gives the exact mean whatever the size of its batches', async () => {
    const { model, objective } = setUp()
    const all = examples(40, 3)
    const whole = await validate({ model, objective, batches: [all] })
    const parts = await validate({ model, objective, batches: [all.slice(0, 7), all.slice(7, 9), all.slice(9)] })
    expect(parts['loss']).toBeCloseTo(whole['loss']!, 5)
    expect(parts['absolute']).toBeCloseTo(whole['absolute']!, 5)
    const naive = (
      await Promise.all([all.slice(0, 7), all.slice(7)].map((part) => validate({ model, objective, batches: [part] })))
    ).reduce((sum, part) => sum + part['loss']! / 2, 0)
    expect(naive).not.toBeCloseTo(whole['loss']!, 3)
    await expect(validate({ model, objective, batches: [] })).rejects.toThrow(
      'expected at least one held-out example, got none',
    )
  })

  it('weighs each metric by its own items, and leaves a mean over nothing out', async () => {
    // An example: the sum and the number of the items of its loss, and of its metric.
    type Sums = readonly [loss: number, items: number, metric: number, items: number]
    const validated = (batches: Sums[]) =>
      validate<Sums, Sums>({
        model: new Network(1, 0),
        objective: {
          collate: ([example]) => example!,
          loss: ([loss, weight, metric, weightOfMetric]) => ({
            loss: tf.scalar(loss / weight),
            metrics: { metric: tf.scalar(metric / weightOfMetric) },
            weight,
            metricWeights: { metric: weightOfMetric },
          }),
        },
        batches: batches.map((batch) => [batch]),
      })
    const { loss, metric } = await validated([
      [6, 3, 1, 2],
      [0, 0, 1, 6],
      [2, 1, 0, 0],
    ])
    expect(loss).toBeCloseTo(8 / 4, 6)
    expect(metric).toBeCloseTo(2 / 8, 6)
    expect(await validated([[0, 0, 3, 6]])).toEqual({ metric: 0.5 })
    await expect(validated([[0, 0, 0, 0]])).rejects.toThrow('expected at least one held-out example')
  })

  it('switches dropout off and draws nothing from its stream', async () => {
    const { model, objective } = setUp({}, { dropout: 0.5 })
    const before = model.dropout.rng.state()
    const [a, b] = [
      await validate({ model, objective, batches: [examples(10, 3)] }),
      await validate({ model, objective, batches: [examples(10, 3)] }),
    ]
    expect(a).toEqual(b)
    expect(model.dropout.rng.state()).toEqual(before)
    expect(model.training).toBe(true)
  })

  it('takes metrics of the caller, and monitors the one that is asked for', async () => {
    const scores = [0.1, 0.7, 0.3, 0.6]
    const kept: Float32Array[] = []
    const { model, trainer } = setUp({
      steps: 40,
      evaluateEvery: 10,
      monitor: 'score',
      mode: 'max',
      evaluate: async () => {
        expect(model.training).toBe(false)
        kept.push(await weights(model))
        return { score: scores[kept.length - 1]! }
      },
    })
    const result = await trainer.train()
    expect(result.best).toMatchObject({ step: 20, value: 0.7, metrics: { score: 0.7 } })
    expect(await weights(model)).toEqual(kept[1])
    expect(kept[1]).not.toEqual(kept[3])
    const { trainer: other } = setUp({ steps: 5, monitor: 'los' })
    await expect(other.train()).rejects.toThrow(
      "expected monitor to be one of the validation metrics, got 'los'. Did you mean 'loss'?",
    )
  })

  it('ends training when patience is used up, with the best weights', async () => {
    const { model, objective, trainer } = setUp({
      evaluateEvery: 5,
      patience: 3,
      schedule: constant(0.05),
      steps: 2000,
    })
    const result = await trainer.train()
    expect(result.reason).toBe('patience')
    expect(result.steps).toBe(result.best!.step + 15)
    const after = await validate({ model, objective, batches: [examples(40, 3)] })
    expect(after['loss']).toBeCloseTo(result.best!.value, 6)
  })

  it('tells an adaptive schedule', async () => {
    const rates: number[] = []
    const { trainer } = setUp({
      steps: 60,
      evaluateEvery: 5,
      schedule: onPlateau(0.1, { factor: 0.5, patience: 1, mode: 'max' }),
      events: { onStep: ({ learningRate }) => rates.push(learningRate) },
    })
    await trainer.train()
    expect(rates[0]).toBe(0.1)
    expect(rates.at(-1)).toBeLessThan(0.1)
  })
})

it('without validation ends with the last weights', async () => {
  const { model, objective, trainer } = setUp({ steps: 20 })
  const plain = new Trainer<Example, Batch>({
    model,
    objective,
    train: new Batches(examples(64, 2), 16),
    optimizer: new AdamW(model),
    schedule: constant(0.01),
    steps: 20,
  })
  expect(await plain.train()).toMatchObject({ steps: 20, best: undefined })
  trainer.dispose()
})
