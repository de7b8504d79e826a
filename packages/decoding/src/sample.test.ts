import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { greedy, sample, streamTokens } from './index.ts'
import { MarkovModel } from './test-support/markov-model.ts'

beforeAll(useCpu)

const V = 5

it('draws tokens as often as the model finds them probable, at any temperature', async () => {
  const model = MarkovModel.random(V, new RandomStream(1), 1)
  const rows = 4000
  for (const temperature of [1, 0.5, 2]) {
    const state = model.initialState(rows)
    const decoded = await sample(model, state, {
      start: 0,
      batchSize: rows,
      maxLength: 1,
      temperature,
      rng: new RandomStream(2),
    })
    const counts = new Float64Array(V)
    for (const { ids } of decoded) counts[ids[0]!]! += 1 / rows
    const powers = Array.from(counts, (_, token) => Math.exp(model.logits[token]! / temperature))
    const total = powers.reduce((sum, x) => sum + x, 0)
    // Four standard deviations.
    for (const [token, power] of powers.entries()) {
      const p = power / total
      expect(Math.abs(counts[token]! - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / rows))
    }
    state.previous.dispose()
  }
  model.dispose()
})

it('gives a row the same tokens whatever the other rows are, and the same tokens for the same seed', async () => {
  const model = MarkovModel.random(V, new RandomStream(3))
  const run = async (prompts: number[][], seed: number) => {
    const state = model.initialState(prompts.length)
    const decoded = await sample(model, state, { prompt: prompts, end: 1, maxLength: 20, rng: new RandomStream(seed) })
    state.previous.dispose()
    return decoded.map(({ ids }) => ids)
  }
  const alone = await run([[2]], 7)
  expect((await run([[2], [3, 4], [0]], 7))[0]).toEqual(alone[0])
  expect(await run([[2], [3, 4], [0]], 7)).toEqual(await run([[2], [3, 4], [0]], 7))
  expect(await run([[2], [3, 4], [0]], 8)).not.toEqual(await run([[2], [3, 4], [0]], 7))
  model.dispose()
})

it('is greedy at temperature 0 and with topK 1', async () => {
  const model = MarkovModel.random(V, new RandomStream(4))
  const state = model.initialState(2)
  const options = { prompt: [[2], [3]], maxLength: 10 }
  const want = await greedy(model, state, options)
  expect(await sample(model, state, { ...options, temperature: 0, rng: new RandomStream(1) })).toEqual(want)
  expect(await sample(model, state, { ...options, topK: 1, rng: new RandomStream(1) })).toEqual(want)
  state.previous.dispose()
  model.dispose()
})

it('streams the tokens that it returns', async () => {
  const model = MarkovModel.random(V, new RandomStream(5))
  const state = model.initialState(2)
  const before = tf.memory().numTensors
  const options = { prompt: [[2], [3]], end: 1, maxLength: 12, temperature: 0.8, topP: 0.9 }
  const streamed: number[][] = [[], []]
  let logProbability = 0
  for await (const event of streamTokens(model, state, { ...options, rng: new RandomStream(6) })) {
    if (event.row === 0) logProbability += event.logProbability
    if (event.token !== 1) streamed[event.row]!.push(event.token)
  }
  const decoded = await sample(model, state, { ...options, rng: new RandomStream(6) })
  expect(streamed).toEqual(decoded.map(({ ids }) => ids))
  expect(logProbability).toBeCloseTo(decoded[0]!.logProbability, 10)
  const whole = [...decoded[0]!.ids, ...(decoded[0]!.finished ? [1] : [])]
  expect(decoded[0]!.logProbability).toBeCloseTo(model.scoreOf([2, ...whole]) - model.logProbability(0, 0, 2), 4)
  expect(tf.memory().numTensors).toBe(before)
  state.previous.dispose()
  model.dispose()
})
