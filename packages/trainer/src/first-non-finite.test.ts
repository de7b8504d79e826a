import { stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { MemoryStore, type ObjectiveLoss, readRunLog } from './index.ts'
import { setUpChanged } from './test-support/changed-loss.ts'

beforeAll(useCpu)

/** Loss with the gradient `gradient` for the predictions at a step, on a finite loss. */
function withGradient(at: number, gradient: number) {
  let step = 0
  return (result: ObjectiveLoss): ObjectiveLoss => {
    if (++step !== at) return result
    const spoiled = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: () => tf.scalar(gradient),
    }))
    return { ...result, loss: spoiled(result.loss) as tf.Scalar }
  }
}

describe('numbers that are not finite', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'a gradient of %s is refused, also with clipValue',
    async (gradient) => {
      for (const limits of [{}, { clipValue: 0.5 }, { clipValue: 0.5, clipNorm: 1, accumulate: 2 }]) {
        const { model, trainer } = setUpChanged(limits, withGradient(3, gradient))
        await expect(trainer.train()).rejects.toMatchObject({
          code: 'training',
          message: expect.stringMatching(/gradient norm (NaN|Infinity) at step [23]/),
        })
        for (const { bytes } of (await stateDict(model)).values()) {
          expect(new Float32Array(bytes.slice().buffer).every(Number.isFinite)).toBe(true)
        }
      }
    },
  )

  it('large gradients are clipped by value, also when their norm overflows', async () => {
    const { model, trainer } = setUpChanged({ clipValue: 0.5, steps: 1 }, withGradient(1, 1e30))
    const result = await trainer.train()
    expect(result.steps).toBe(1)
    for (const { bytes } of (await stateDict(model)).values()) {
      expect(new Float32Array(bytes.slice().buffer).every(Number.isFinite)).toBe(true)
    }
  })

  it('names the first module whose output is not finite', async () => {
    for (const path of ['hidden', 'output'] as const) {
      const { model, trainer } = setUpChanged()
      const { hidden, output } = model
      // Without the tanh, which makes finite numbers of infinities.
      model.forward = (x) => output.forward(hidden.forward(x))
      const { weight } = model[path]
      const huge = tf.fill([...weight.shape], 3e38)
      weight.assign(huge)
      huge.dispose()
      // Parameters are allocated on first read.
      await stateDict(model)
      const before = tf.memory().numTensors
      await expect(trainer.train()).rejects.toThrow(
        `The first module whose output was not finite is '${path}' (Linear). Lower the learning rate`,
      )
      expect(tf.memory().numTensors).toBe(before)
    }
  })

  it('names weights and gradients that are not finite', async () => {
    const { model, trainer } = setUpChanged()
    const spoiled = tf.fill([16], Number.NaN)
    model.hidden.bias!.assign(spoiled)
    spoiled.dispose()
    await expect(trainer.train()).rejects.toThrow("The weights 'hidden.bias' are not finite.")
    const steep = setUpChanged({}, withGradient(1, Number.NaN))
    await expect(steep.trainer.train()).rejects.toThrow(
      "Every module's output was finite; the gradients of 'hidden.weight', 'hidden.bias', 'output.weight' and 1 more were not.",
    )
  })

  it('are skipped on demand, with a line in the log, and never reach the weights', async () => {
    const store = new MemoryStore()
    const skipped: number[] = []
    const made: number[] = []
    const events = {
      onSkipped: ({ step }: { step: number }) => skipped.push(step),
      onStep: ({ step }: { step: number }) => made.push(step),
    }
    // The loss is computed once more to find the reason, so that the fourth computation is the spoiled one again.
    const { model, trainer } = setUpChanged({ nonFinite: 'skip', steps: 5, store, events }, withGradient(3, Number.NaN))
    expect(await trainer.train()).toMatchObject({ steps: 5, reason: 'finished' })
    expect([skipped, made]).toEqual([[3], [1, 2, 4, 5]])
    const log = new TextDecoder()
      .decode(await store.read('log.jsonl'))
      .trim()
      .split('\n')
    expect(JSON.parse(log[2]!)).toMatchObject({
      event: 'skipped',
      step: 3,
      reason: expect.stringContaining('gradients'),
    })
    expect((await readRunLog(store)).damagedLines).toEqual([])
    for (const { bytes } of (await stateDict(model)).values()) {
      expect(new Float32Array(bytes.slice().buffer).every(Number.isFinite)).toBe(true)
    }
  })

  it('are not skipped without end', async () => {
    const { trainer } = setUpChanged({ nonFinite: 'skip', steps: 200 }, (result) => ({
      ...result,
      loss: tf.mul(result.loss, Number.NaN) as tf.Scalar,
    }))
    await expect(trainer.train()).rejects.toThrow('got none in 100 steps up to step 101.')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1])(
    'a learning rate of %s is refused before the update',
    async (rate) => {
      const { model, trainer } = setUpChanged({ schedule: (step) => (step === 2 ? rate : 0.01) })
      const watched = setUpChanged({ steps: 2 })
      await watched.trainer.train()
      const before = await stateDict(watched.model)
      await expect(trainer.train()).rejects.toThrow(
        `Trainer: expected the schedule to return a learning rate of at least 0, got ${rate} at step 3.`,
      )
      expect(await stateDict(model)).toEqual(before)
    },
  )
})
