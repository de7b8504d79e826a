import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { namedParameters } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { letterTexts } from '../test-support/tiny-examples.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { checkFirstSteps } from './check-first-steps.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('checkFirstSteps', () => {
  async function check(
    settings: object,
    change: (task: ReturnType<typeof textClassification.create>) => void = () => {},
    signal?: AbortSignal,
  ) {
    const model = { type: 'recurrent-classifier', embeddingSize: 8, hiddenSize: 8 }
    const task = textClassification.create(
      { model, training: { learningRate: 0.02, tokenDropout: 0, ...settings } },
      { registry, rng: new RandomStream(1) },
    )
    const train = letterTexts(20)
    await task.prepare(train)
    change(task)
    const checked = checkFirstSteps(task, train, { rng: new RandomStream(2), signal })
    const findings = await checked.finally(() => task.dispose())
    return findings.map(({ check, isWarning }) => [check, isWarning])
  }

  it('passes a model that learns, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    expect(await check({})).toEqual([
      ['first loss', false],
      ['one batch', false],
      ['gradients', false],
    ])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('ends with the reason of a signal, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    const reason = new Error('enough')
    await expect(check({}, undefined, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('says when one batch is not learned, and when the first weights are too large', async () => {
    const found = await check({ learningRate: 1e-9 }, ({ model }) => {
      for (const [path, parameter] of namedParameters(model)) {
        if (path.startsWith('output') && parameter.value.rank === 2) parameter.assign(tf.mul(parameter.value, 100))
      }
    })
    expect(found).toEqual([
      ['first loss', true],
      ['one batch', true],
      ['gradients', false],
    ])
  })

  it('names weights without a gradient', async () => {
    const found = await check({}, ({ model }) => {
      // Words behind a head of zeros that are not trained get nothing.
      for (const [path, parameter] of namedParameters(model)) {
        if (!path.startsWith('output')) continue
        parameter.assign(tf.zerosLike(parameter.value))
        parameter.trainable = false
      }
    })
    expect(found.find(([check]) => check === 'gradients')).toEqual(['gradients', true])
  })
})
