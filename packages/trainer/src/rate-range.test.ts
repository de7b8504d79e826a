import { stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { constant, rateRange, SGD, Trainer } from './index.ts'
import { Batches, examples, Network, Regression } from './test-support/regression.ts'

beforeAll(useCpu)

const setUp = () => {
  const model = new Network(1, 0)
  const train = new Batches(examples(64, 2), 16)
  return { model, objective: new Regression(model), train, optimizer: new SGD(model) }
}

it('suggests a rate that learns, below the one at which the loss diverges, and leaves the weights alone', async () => {
  const options = setUp()
  const before = await stateDict(options.model).then((state) => structuredClone(state))
  const tensors = tf.memory().numTensors
  const { points, suggestion } = await rateRange(options, { from: 1e-4, to: 100, steps: 60 })
  expect(await stateDict(options.model)).toEqual(before)
  expect(tf.memory().numTensors).toBe(tensors)
  const lowest = points.reduce((best, point) => (point.smoothed < best.smoothed ? point : best))
  expect(suggestion).toBeLessThan(lowest.learningRate / 2)
  // The loss diverged before the last rate.
  expect(points.length).toBeLessThan(60)
  expect(points.at(-1)!.learningRate).toBeGreaterThan(suggestion! * 2)
  const lossAt = async (rate: number) =>
    (await new Trainer({ ...setUp(), schedule: constant(rate), steps: 60 }).train()).loss
  expect(await lossAt(suggestion!)).toBeLessThan((await lossAt(suggestion! / 100)) / 2)
})

it('ends with its signal, and puts the weights back', async () => {
  const options = setUp()
  const before = await stateDict(options.model).then((state) => structuredClone(state))
  const controller = new AbortController()
  const { next } = options.train
  let drawn = 0
  options.train.next = () => {
    if (++drawn === 3) controller.abort()
    return next.call(options.train)
  }
  await expect(rateRange(options, {}, controller.signal)).rejects.toThrow('aborted')
  expect(drawn).toBe(3)
  expect(await stateDict(options.model)).toEqual(before)
})

it('refuses a range that is none', async () => {
  for (const wrong of [{ from: 0 }, { from: 2 }, { steps: 3 }]) {
    await expect(rateRange(setUp(), wrong)).rejects.toThrow('rateRange: expected 0 < from < to and at least 10 steps')
  }
})
