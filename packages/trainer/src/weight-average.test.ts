import { RandomStream } from '@heddle/core'
import { Linear, type StateDict, setTrainable, stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { averageStateDicts, WeightAverage } from './index.ts'

beforeAll(useCpu)

const make = () => new Linear({ inputSize: 1, outputSize: 1, bias: false }, new RandomStream(1))

function assign(model: Linear, value: number): void {
  const tensor = tf.tensor2d([[value]])
  model.weight.assign(tensor)
  tensor.dispose()
}

const read = (model: Linear) => model.weight.value.dataSync()[0]!

/** The average after the weight had these values at steps 1, 2, … */
async function averageOf(average: WeightAverage, model: Linear, values: readonly number[]): Promise<number> {
  for (const [i, value] of values.entries()) {
    assign(model, value)
    average.update(i + 1)
  }
  return average.apply(async () => read(model))
}

it('is the mean of the weights of the steps that SWA takes', async () => {
  const model = make()
  const average = new WeightAverage(model, { type: 'swa', start: 3, every: 2 })
  expect(await averageOf(average, model, [100, 100, 1, 100, 4, 100, 10])).toBeCloseTo(5, 6)
  expect(read(model), 'the weights are back').toBe(10)
})

it('is the exponential average, with a decay that starts low', async () => {
  const model = make()
  const average = new WeightAverage(model, { type: 'ema', decay: 0.5 })
  const values = Array.from({ length: 20 }, (_, i) => Math.sin(i))
  let expected = values[0]!
  for (const [n, value] of values.entries()) {
    const decay = Math.min(0.5, (1 + n) / (10 + n))
    if (n > 0) expected = decay * expected + (1 - decay) * value
  }
  expect(await averageOf(average, model, values)).toBeCloseTo(expected, 5)
})

it('leaves the weights alone before the first average, and frees what it holds', async () => {
  const model = make()
  assign(model, 3)
  const before = tf.memory().numTensors
  const average = new WeightAverage(model, { type: 'swa', start: 5 })
  average.update(1)
  expect(await average.apply(async () => read(model))).toBe(3)
  average.update(5)
  average.update(6)
  await average.apply(async () => {})
  average.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

it('puts the weights back when the body fails', async () => {
  const model = make()
  const average = new WeightAverage(model, { type: 'swa', start: 1 })
  await averageOf(average, model, [1, 2])
  const failure = average.apply(async () => {
    throw new Error('broken')
  })
  await expect(failure).rejects.toThrow('broken')
  expect(read(model)).toBe(2)
})

it('goes on from its saved state', async () => {
  const model = make()
  const first = new WeightAverage(model, { type: 'swa', start: 1 })
  await averageOf(first, model, [1, 2])
  const second = new WeightAverage(model, { type: 'swa', start: 1 })
  second.restore(await first.state())
  assign(model, 6)
  second.update(3)
  expect(await second.apply(async () => read(model))).toBeCloseTo(3, 6)
  const empty = await new WeightAverage(model, { type: 'ema', decay: 0.9 }).state()
  second.restore(empty)
  expect(second.ready).toBe(false)
  const wrong = await first.state()
  wrong.delete('average.weight')
  expect(() => second.restore(wrong)).toThrow("expected the averages of every parameter, got none of 'weight'")
})

it('does not move parameters that are not trained', async () => {
  const model = make()
  assign(model, 0.1)
  setTrainable(model, () => true, false)
  const average = new WeightAverage(model, { type: 'ema', decay: 0.99 })
  for (let step = 1; step < 50; step++) average.update(step)
  expect(await average.apply(async () => read(model))).toBe(read(model))
})

it('refuses settings that are no average', () => {
  expect(() => new WeightAverage(make(), { type: 'ema', decay: 1 })).toThrow('expected a decay in [0, 1)')
  expect(() => new WeightAverage(make(), { type: 'swa', start: 1, every: 0 })).toThrow('every ≥ 1')
})

it('averages checkpoints', async () => {
  const model = make()
  const states: StateDict[] = []
  for (const value of [1, 2, 6]) {
    assign(model, value)
    const state = await stateDict(model)
    states.push(new Map([...state].map(([path, tensor]) => [path, { ...tensor, bytes: tensor.bytes.slice() }])))
  }
  const average = averageStateDicts(states)
  expect(new Float32Array(average.get('weight')!.bytes.slice().buffer)).toEqual(Float32Array.of(3))
  expect(() => averageStateDicts([])).toThrow('expected at least one state dict')
  expect(() => averageStateDicts([states[0]!, new Map()])).toThrow("expected 'weight' [1,1] in each of 2 state dicts")
})
