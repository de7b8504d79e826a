import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type BeamSearchOptions, beamSearch, greedy } from './index.ts'
import { MarkovModel } from './test-support/markov-model.ts'

beforeAll(useCpu)

const V = 4
const END = 1

/** Every sequence of at most `length` tokens that ends with END or has `length` tokens, with its score, best first. */
function exhaustive(model: MarkovModel, first: number, length: number, lengthPenalty: number) {
  const found: { ids: number[]; score: number; finished: boolean }[] = []
  const visit = (ids: number[], sum: number) => {
    const history = [0, first, ...ids]
    const [before, last] = history.slice(-2) as [number, number]
    for (let token = 0; token < V; token++) {
      const total = sum + model.logProbability(before, last, token)
      const score = total / (ids.length + 1) ** lengthPenalty
      if (token === END) found.push({ ids, score, finished: true })
      else if (ids.length + 1 === length) found.push({ ids: [...ids, token], score, finished: false })
      else visit([...ids, token], total)
    }
  }
  visit([], 0)
  return found.sort((a, b) => b.score - a.score)
}

async function search(model: MarkovModel, prompts: number[][], options: Omit<BeamSearchOptions, 'prompt'>) {
  const state = model.initialState(prompts.length)
  const before = tf.memory().numTensors
  const found = await beamSearch(model, state, { prompt: prompts, end: END, ...options })
  expect(tf.memory().numTensors, 'no tensor is left').toBe(before)
  state.previous.dispose()
  return found
}

describe('a beam as wide as there are sequences', () => {
  it.each([0, 1, 0.6, 2, -0.5])('finds what exhaustive search finds, length penalty %d', async (lengthPenalty) => {
    for (let seed = 0; seed < 4; seed++) {
      const model = MarkovModel.random(V, new RandomStream(seed))
      const length = 4
      const width = 3 ** length + 3 ** 3 + 9 + 3 + 1
      const found = await search(model, [[2], [3]], {
        width,
        nBest: 20,
        maxLength: length,
        lengthPenalty,
        earlyStopping: 'never',
      })
      for (const [row, first] of [2, 3].entries()) {
        const want = exhaustive(model, first, length, lengthPenalty)
        const scores = new Map(want.map(({ ids, finished, score }) => [`${ids} ${finished}`, score]))
        // Sequences with the same transitions tie, in any order: each must have its own score, and the scores the best ones.
        const keys = found[row]!.map(({ ids, finished }) => `${ids} ${finished}`)
        expect(new Set(keys).size).toBe(20)
        for (const [i, { score }] of found[row]!.entries()) {
          expect(score).toBeCloseTo(scores.get(keys[i]!)!, 4)
          expect(score).toBeCloseTo(want[i]!.score, 4)
        }
      }
      model.dispose()
    }
  })
})

it('gives a row the same result alone and in a batch, also with prompts of different lengths', async () => {
  for (let seed = 10; seed < 16; seed++) {
    const model = MarkovModel.random(8, new RandomStream(seed))
    const prompts = [[2], [3, 4, 5], [6, 7], [0]]
    const options = { width: 3, nBest: 3, maxLength: 10, noRepeatNgram: 2 }
    const together = await search(model, prompts, options)
    const alone = []
    for (const prompt of prompts) alone.push(...(await search(model, [prompt], options)))
    expect(together).toEqual(alone)
    model.dispose()
  }
})

it('with width 1 is greedy', async () => {
  const model = MarkovModel.random(8, new RandomStream(20))
  const state = model.initialState(3)
  const prompt = [[2], [3], [4]]
  const want = await greedy(model, state, { prompt, end: END, maxLength: 12, attention: true })
  const found = await search(model, prompt, { width: 1, maxLength: 12, attention: true })
  expect(found.map(([best]) => best!.ids)).toEqual(want.map(({ ids }) => ids))
  expect(found.map(([best]) => best!.attention)).toEqual(want.map(({ attention }) => attention))
  state.previous.dispose()
  model.dispose()
})

it('scores what it returns by the model itself, whatever the processors', async () => {
  const model = MarkovModel.random(8, new RandomStream(21))
  const [found] = await search(model, [[0]], { width: 4, nBest: 4, maxLength: 7, repetitionPenalty: 1.4, minLength: 3 })
  for (const { ids, finished, logProbability } of found!) {
    expect(logProbability).toBeCloseTo(model.scoreOf([...ids, ...(finished ? [END] : [])]), 4)
    expect(ids.length).toBeGreaterThanOrEqual(3)
  }
  model.dispose()
})

it('returns what there is when every token is forbidden', async () => {
  const model = MarkovModel.random(4, new RandomStream(22))
  const [found] = await search(model, [[0]], { width: 2, maxLength: 9, noRepeatNgram: 1, end: [] })
  // Token 0 is in the prompt, so three are left.
  expect([...found![0]!.ids].sort()).toEqual([1, 2, 3])
  expect(found![0]!.finished).toBe(false)
  model.dispose()
})

it('ends a sequence at a stop condition, and rejects when the signal aborts', async () => {
  const model = MarkovModel.random(6, new RandomStream(23))
  const options = { width: 3, nBest: 3, maxLength: 9, end: [] }
  const stop = (ids: readonly number[]) => ids.at(-1) === ids.at(-2)
  const [stopped] = await search(model, [[0]], { ...options, maxLength: 60, stop, earlyStopping: true })
  expect(stopped!.length).toBe(3)
  for (const { ids, finished, score, logProbability } of stopped!) {
    expect(finished).toBe(true)
    expect(stop(ids)).toBe(true)
    expect(stop(ids.slice(0, -1))).toBe(false)
    expect(score).toBeCloseTo(logProbability / ids.length, 6)
  }
  const controller = new AbortController()
  let steps = 0
  const processors = [() => void (++steps === 4 && controller.abort())]
  await expect(search(model, [[0]], { ...options, processors, signal: controller.signal })).rejects.toThrow('aborted')
  expect(steps).toBe(4)
  model.dispose()
})

it('refuses a width and a number of results that do not fit', async () => {
  const model = MarkovModel.random(4, new RandomStream(22))
  const state = model.initialState(1)
  const run = (options: { width: number; nBest?: number }) =>
    beamSearch(model, state, { start: 0, maxLength: 3, ...options })
  await expect(run({ width: 0 })).rejects.toThrow('beamSearch: expected width to be a whole number above 0, got 0.')
  await expect(run({ width: 2, nBest: 3 })).rejects.toThrow('beamSearch: expected nBest from 1 to width (2), got 3.')
  state.previous.dispose()
  model.dispose()
})
