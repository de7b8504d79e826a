import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { constant, SGD, Trainer } from './index.ts'
import { type Batch, Batches, type Example, examples, Network, Regression } from './test-support/regression.ts'
import { setUp, weights } from './test-support/set-up.ts'

beforeAll(useCpu)

/** Batches whose target is not a number after some. */
function badAfter(good: number) {
  const source = new Batches(examples(64, 2), 16)
  let drawn = 0
  return Object.assign(source, {
    next: () => (drawn++ < good ? Batches.prototype.next.call(source) : [{ x: [1, 2, 3], y: Number.NaN }]) as Example[],
  })
}

describe('gradients', () => {
  it('of several batches make the step of one large batch', async () => {
    const all = examples(48, 2)
    const run = async (size: number, accumulate: number, limits: object = {}) => {
      const model = new Network(1, 0)
      const losses: number[] = []
      // Parts of different sizes: their weights must count.
      const cuts = size === 48 ? [all] : [all.slice(0, 10), all.slice(10, 30), all.slice(30)]
      let at = 0
      await new Trainer<Example, Batch>({
        model,
        objective: new Regression(model),
        train: {
          next: () => cuts[at++ % cuts.length]!,
          epoch: 0,
          batchesPerEpoch: 1,
          state: () => at,
          restore: () => {},
        },
        optimizer: new SGD(model, { momentum: 0.9 }),
        schedule: constant(0.05),
        steps: 10,
        accumulate,
        events: { onStep: ({ loss, gradientNorm }) => losses.push(loss, gradientNorm) },
        ...limits,
      }).train()
      return [...losses, ...(await weights(model))]
    }
    for (const limits of [{}, { clipNorm: 0.3 }, { clipValue: 0.05 }]) {
      const whole = await run(48, 1, limits)
      const parts = await run(16, 3, limits)
      for (const [i, x] of whole.entries()) expect(parts[i]).toBeCloseTo(x, 5)
    }
    expect(await run(48, 1, { clipValue: 0.05 })).not.toEqual(await run(48, 1))
  })

  it('come with the mean of each metric over the batches that have it', async () => {
    const model = new Network(1, 0)
    const regression = new Regression(model)
    const values = [2, 4, 8]
    let at = 0
    const logged: unknown[] = []
    await new Trainer<Example, Batch>({
      model,
      objective: {
        collate: (some) => regression.collate(some),
        loss(batch) {
          const { loss } = regression.loss(batch)
          const value = tf.scalar(values[at % 3]!)
          return { loss, weight: 1, metrics: at++ % 3 === 1 ? { other: value } : { one: value } }
        },
      },
      train: new Batches(examples(48, 2), 16),
      optimizer: new SGD(model),
      schedule: constant(0.01),
      steps: 1,
      accumulate: 3,
      events: { onStep: ({ metrics }) => logged.push(metrics) },
    }).train()
    expect(logged).toEqual([{ one: 5, other: 4 }])
  })

  it('are clipped to the norm that is asked for', async () => {
    const run = async (clipNorm?: number) => {
      const model = new Network(1, 0)
      const before = await weights(model)
      let norm = 0
      await new Trainer<Example, Batch>({
        model,
        objective: new Regression(model),
        train: new Batches(examples(64, 2), 64),
        optimizer: new SGD(model),
        schedule: constant(1),
        steps: 1,
        ...(clipNorm && { clipNorm }),
        events: { onStep: ({ gradientNorm }) => (norm = gradientNorm) },
      }).train()
      const after = await weights(model)
      return { norm, moved: Math.hypot(...after.map((x, i) => x - before[i]!)) }
    }
    const free = await run()
    expect(free.moved).toBeCloseTo(free.norm, 4)
    const clipped = await run(free.norm / 10)
    expect(clipped.norm).toBeCloseTo(free.norm, 5)
    expect(clipped.moved).toBeCloseTo(free.norm / 10, 4)
  })

  it('that are not finite end training with the step, the rate and the last losses, and do not reach the weights', async () => {
    const { model, objective, trainer } = setUp({ train: badAfter(7), steps: 20 })
    await weights(model)
    const before = tf.memory().numTensors
    await expect(trainer.train()).rejects.toThrow(
      /Trainer: expected a finite loss and gradient, got loss NaN .* at step 8 with learning rate 0\.014; the last losses were (\d\.\d+, ){4}\d\.\d+\. .*Lower/,
    )
    await expect(trainer.train()).rejects.toMatchObject({ code: 'training' })
    expect((await weights(model)).every(Number.isFinite)).toBe(true)
    trainer.dispose()
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before)
    expect(objective.model).toBe(model)
  })
})
