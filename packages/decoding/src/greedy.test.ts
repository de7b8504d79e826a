import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { decode, greedy, greedySampler, type StepModel } from './index.ts'
import { MarkovModel } from './test-support/markov-model.ts'

beforeAll(useCpu)

const END = 1

/** Greedy decoding in a plain loop. */
function expected(model: MarkovModel, prompt: readonly number[], maxLength: number) {
  const history = [0, ...prompt]
  const ids: number[] = []
  let logProbability = 0
  for (let n = 0; n < maxLength; n++) {
    const [before, last] = history.slice(-2) as [number, number]
    const options = Array.from({ length: model.V }, (_, next) => model.logProbability(before, last, next))
    const token = options.indexOf(Math.max(...options))
    logProbability += options[token]!
    if (token === END) return { ids, logProbability, finished: true }
    ids.push(token)
    history.push(token)
  }
  return { ids, logProbability, finished: false }
}

it('finds the most probable token at each step, for rows with prompts of different lengths', async () => {
  let uneven = 0
  for (let seed = 0; seed < 8; seed++) {
    const model = MarkovModel.random(7, new RandomStream(seed))
    const prompts = [[2], [3, 4, 5, 6], [6, 2], [0], [5, 5, 5]]
    const state = model.initialState(prompts.length)
    const decoded = await greedy(model, state, { prompt: prompts, end: END, maxLength: 9 })
    for (const [i, { ids, logProbability, finished }] of decoded.entries()) {
      const want = expected(model, prompts[i]!, 9)
      expect({ ids, finished }).toEqual({ ids: want.ids, finished: want.finished })
      expect(logProbability).toBeCloseTo(want.logProbability, 4)
    }
    if (new Set(decoded.map(({ ids }) => ids.length)).size > 1) uneven++
    state.previous.dispose()
    model.dispose()
  }
  expect(uneven, 'batches whose rows end at different steps').toBeGreaterThan(3)
})

it('gives the attention of each token and none for the end symbol', async () => {
  const model = MarkovModel.random(6, new RandomStream(3))
  const state = model.initialState(4)
  const options = { prompt: [[2], [3], [4], [5]], end: END, maxLength: 6 }
  const decoded = await greedy(model, state, { ...options, attention: true })
  expect(decoded.some(({ finished }) => finished)).toBe(true)
  for (const [i, { ids, attention }] of decoded.entries()) {
    expect(attention!.length).toBe(ids.length)
    const history = [0, options.prompt[i]![0]!, ...ids]
    for (const [t, weights] of attention!.entries()) {
      const row = model.logits.subarray(
        (history[t]! * 6 + history[t + 1]!) * 6,
        (history[t]! * 6 + history[t + 1]!) * 6 + 3,
      )
      const sum = row.reduce((total, x) => total + Math.exp(x), 0)
      for (let s = 0; s < 3; s++) expect(weights[s]).toBeCloseTo(Math.exp(row[s]!) / sum, 5)
    }
  }
  expect((await greedy(model, state, options))[0]!.attention).toBeUndefined()
  state.previous.dispose()
  model.dispose()
})

it('leaves no tensor behind, also when the consumer stops early, the model fails or the signal aborts', async () => {
  const model = MarkovModel.random(6, new RandomStream(5))
  const state = model.initialState(3)
  const before = tf.memory().numTensors
  const options = { start: 0, batchSize: 3, maxLength: 8, attention: true }
  await greedy(model, state, options)
  expect(tf.memory().numTensors).toBe(before)
  for await (const { ids } of decode(model, state, () => greedySampler, options)) if (ids.length === 3) break
  expect(tf.memory().numTensors).toBe(before)
  let steps = 0
  const failing: StepModel<{ previous: tf.Tensor; note: string }> = {
    step(tokens, held) {
      const result = model.step(tokens, held)
      if (++steps === 3) throw new Error('broken')
      return result
    },
  }
  await expect(greedy(failing, state, options)).rejects.toThrow('broken')
  expect(tf.memory().numTensors).toBe(before)
  const controller = new AbortController()
  let longest = 0
  const aborted = greedy(model, state, {
    ...options,
    signal: controller.signal,
    onToken({ ids }) {
      longest = Math.max(longest, ids.length)
      if (ids.length === 2) controller.abort()
    },
  })
  await expect(aborted).rejects.toThrow('aborted')
  expect(longest).toBe(2)
  expect(tf.memory().numTensors).toBe(before)
  expect(state.previous.isDisposed).toBe(false)
  state.previous.dispose()
  model.dispose()
})

it('keeps tensors that the model or the caller holds and that only pass through the state', async () => {
  const model = MarkovModel.random(5, new RandomStream(7))
  const memory = tf.ones([2, 4])
  const state = { chain: model.initialState(2), memory, parameter: undefined as tf.Tensor | undefined }
  // Allocated on first use, as parameters are.
  let parameter: tf.Variable | undefined
  const passing: StepModel<typeof state> = {
    step(tokens, held) {
      parameter ??= tf.variable(tf.zeros([2, 1]))
      const { logits, state: chain } = model.step(tokens, held.chain)
      return { logits, state: { chain, memory: held.memory, parameter } }
    },
  }
  const before = tf.memory().numTensors
  await greedy(passing, state, { start: 0, batchSize: 2, maxLength: 5 })
  expect(tf.memory().numTensors).toBe(before + 1)
  expect([memory.isDisposed, parameter!.isDisposed]).toEqual([false, false])
  tf.dispose([memory, parameter!, state.chain.previous])
  model.dispose()
})

it('stops at a stop condition', async () => {
  const model = MarkovModel.random(5, new RandomStream(2))
  const state = model.initialState(1)
  const decoded = await greedy(model, state, { start: 0, maxLength: 9, stop: (ids) => ids.length === 4 })
  expect(decoded[0]!.ids.length).toBe(4)
  expect(decoded[0]!.finished).toBe(true)
  state.previous.dispose()
  model.dispose()
})

it('refuses options and models that do not fit', async () => {
  const model = MarkovModel.random(5, new RandomStream(2))
  const state = model.initialState(2)
  const run = (options: object) => greedy(model, state, { start: 0, maxLength: 3, batchSize: 2, ...options })
  await expect(run({ maxLength: 0 })).rejects.toThrow('greedy: expected maxLength to be a whole number above 0, got 0.')
  await expect(run({ minLength: 4 })).rejects.toThrow('expected minLength from 0 to maxLength (3), got 4')
  await expect(run({ prompt: [1] })).rejects.toThrow('expected either start or prompt, got both')
  await expect(run({ start: undefined })).rejects.toThrow('expected either start or prompt, got neither')
  await expect(run({ start: undefined, prompt: [[1]] })).rejects.toThrow('expected prompts for 2 rows, got 1')
  await expect(run({ start: undefined, prompt: [[1], []] })).rejects.toThrow('expected prompts of at least one token')
  await expect(
    greedy({ step: (_: tf.Tensor, s: number) => ({ logits: tf.zeros([3, 4]), state: s }) }, 0, {
      start: 0,
      maxLength: 2,
    }),
  ).rejects.toThrow('greedy: expected step to return logits [1, V], got [3,4].')
  state.previous.dispose()
  model.dispose()
})
