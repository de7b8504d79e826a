import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { beamSearch, ensembleStep } from './index.ts'
import { MarkovModel } from './test-support/markov-model.ts'

beforeAll(useCpu)

it('averages probabilities, not logits', async () => {
  const models = [1, 2, 3].map((seed) => MarkovModel.random(6, new RandomStream(seed), 3))
  const ensemble = ensembleStep(models)
  const probabilities = tf.tidy(() => {
    const states = models.map((model) => model.initialState(2))
    return tf.softmax(ensemble.step(tf.tensor1d([2, 5], 'int32'), states).logits).arraySync() as number[][]
  })
  for (const [row, last] of [2, 5].entries()) {
    for (let next = 0; next < 6; next++) {
      const mean = models.reduce((sum, model) => sum + Math.exp(model.logProbability(0, last, next)) / 3, 0)
      expect(probabilities[row]![next]).toBeCloseTo(mean, 5)
    }
  }
  for (const model of models) model.dispose()
})

it('decodes with beams, each model with its own state', async () => {
  const models = [4, 5].map((seed) => MarkovModel.random(6, new RandomStream(seed)))
  const states = models.map((model) => model.initialState(2))
  const before = tf.memory().numTensors
  const options = { prompt: [[2], [3]], end: 1, maxLength: 6, width: 3, attention: true }
  const found = await beamSearch(ensembleStep(models), states, options)
  expect(tf.memory().numTensors).toBe(before)
  for (const [row, [best]] of found.entries()) {
    const history = [0, [2, 3][row]!, ...best!.ids, ...(best!.finished ? [1] : [])]
    let sum = 0
    for (let t = 2; t < history.length; t++) {
      const p = models.map((model) => Math.exp(model.logProbability(history[t - 2]!, history[t - 1]!, history[t]!)))
      sum += Math.log((p[0]! + p[1]!) / 2)
    }
    expect(best!.logProbability).toBeCloseTo(sum, 4)
    expect(best!.attention!.length).toBe(best!.ids.length)
  }
  tf.dispose(states.map(({ previous }) => previous))
  for (const model of models) model.dispose()
})

it('refuses no models and states that do not fit', () => {
  expect(() => ensembleStep([])).toThrow('expected at least one model, got none')
  const model = MarkovModel.random(3, new RandomStream(1))
  expect(() => ensembleStep([model]).step(tf.tensor1d([0], 'int32'), [])).toThrow('expected 1 states, got 0')
  model.dispose()
})
