import { disposeParameters, Module } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { AdamW, constant, type ObjectiveLoss, SGD, Trainer } from './index.ts'
import { setUpChanged } from './test-support/changed-loss.ts'
import { type Batch, Batches, type Example, examples, Network, Regression } from './test-support/regression.ts'

beforeAll(useCpu)

describe('an objective that is wrong', () => {
  it.each([
    [
      'a loss for each example',
      () => ({ loss: tf.ones([16]) }),
      'expected loss to be a scalar of float32, got float32 [16].',
    ],
    ['a number', () => ({ loss: 3 }), 'expected loss to be a scalar of float32, got 3.'],
    [
      'whole numbers',
      () => ({ loss: tf.scalar(3, 'int32') }),
      'expected loss to be a scalar of float32, got int32 [].',
    ],
    ['nothing', () => undefined, 'expected loss to be a scalar of float32, got undefined.'],
    [
      'a metric by class',
      () => ({ loss: tf.scalar(3), metrics: { f1: tf.ones([2]) } }),
      'expected f1 to be a scalar, got',
    ],
    [
      'a weight that is no number',
      () => ({ loss: tf.scalar(3), weight: Number.NaN }),
      'expected the weight of loss to be a number of at least 0, got NaN',
    ],
    [
      'a weight of a metric that is no number',
      () => ({ loss: tf.scalar(3), metrics: { f1: tf.scalar(1) }, metricWeights: { f1: -1 } }),
      'expected the weight of f1 to be a number of at least 0, got -1',
    ],
  ])('returns %s', async (_, loss, message) => {
    const before = tf.memory().numTensors
    const trained = setUpChanged({}, loss as unknown as () => ObjectiveLoss)
    await expect(trained.trainer.train()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`Objective.loss: ${message}`),
    })
    const validated = setUpChanged({ validation: examples(4, 3), steps: 1 }, (result) =>
      validated.model.training ? result : (loss() as unknown as ObjectiveLoss),
    )
    await expect(validated.trainer.train()).rejects.toThrow(message)
    disposeParameters(trained.model)
    disposeParameters(validated.model)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has a model without parameters that can be trained', async () => {
    class Hidden extends Module {
      readonly #inner = new Network(1)
      override forward(x: tf.Tensor) {
        return this.#inner.forward(x)
      }
    }
    const hidden = new Hidden()
    const { trainer } = setUpChanged({ model: hidden, optimizer: new SGD(hidden) })
    await expect(trainer.train()).rejects.toThrow(
      'Trainer: expected a model with trainable parameters, got Hidden, which has none. Keep layers in public fields',
    )
  })

  it.each([1, 2, 4])('throws in the middle of call %s: no tensor is left', async (at) => {
    for (const where of ['loss', 'collate', 'validation'] as const) {
      const model = new Network(1, 0.3)
      const objective = new Regression(model)
      let calls = 0
      const count = () => {
        if (++calls === at) throw new Error('broken')
      }
      const broken = {
        collate(list: readonly Example[]) {
          const batch = objective.collate(list)
          if (where === 'collate') count()
          return batch
        },
        loss(batch: Batch) {
          const result = objective.loss(batch)
          if (where === 'loss' || !model.training) count()
          return result
        },
      }
      const trainer = new Trainer<Example, Batch>({
        model,
        objective: broken,
        train: new Batches(examples(64, 2), 16),
        validation: examples(64, 4),
        validationBatchSize: 8,
        evaluateEvery: 1,
        optimizer: new AdamW(model),
        schedule: constant(0.01),
        steps: 20,
        accumulate: 2,
      })
      const before = tf.memory().numTensors
      await expect(trainer.train()).rejects.toThrow('broken')
      trainer.dispose()
      disposeParameters(model)
      expect(tf.memory().numTensors, where).toBe(before)
    }
  })
})
