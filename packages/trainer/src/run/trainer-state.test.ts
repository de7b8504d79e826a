import { disposeParameters, stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AdamW, constant, MemoryStore, readRunLog, Trainer } from '../index.ts'
import { type Batch, Batches, type Example, examples, Network, Regression } from '../test-support/regression.ts'
import { streamRun } from '../test-support/stream-run.ts'

beforeAll(useCpu)

/** The best validation in the state of a checkpoint. */
const best = (state: Record<string, unknown>) => (state['best'] as object[])[0]!

describe('a resume that fails', () => {
  let store: MemoryStore

  beforeEach(async () => {
    store = new MemoryStore()
    await streamRun(store, 4).trainer.train()
  })

  async function editState(edit: (state: Record<string, unknown>) => void): Promise<void> {
    const file = JSON.parse(new TextDecoder().decode(await store.read('trainer/state.json')))
    edit(file.state)
    await store.write('trainer/state.json', new TextEncoder().encode(JSON.stringify(file)))
  }

  it.each<[string, (state: Record<string, unknown>) => void]>([
    ["'state.elapsedMs'", (state) => Object.assign(state, { elapsedMs: '3 s' })],
    ["'state.logBytes'", (state) => Object.assign(state, { logBytes: -1 })],
    ["'state.losses.0'", (state) => Object.assign(state, { losses: ['low'] })],
    ["'state.losses'", (state) => delete state['losses']],
    ["'state.best.0.metrics.loss'", (state) => Object.assign(best(state), { metrics: { loss: 'low' } })],
    ["expected it to hold 'best@99'", (state) => Object.assign(best(state), { step: 99 })],
    ["'state.streams'", (state) => Object.assign(state, { streams: null })],
    [
      "'state.streams.model.dropout.rng.key",
      (state) => Object.assign(state['streams'] as object, { 'model.dropout.rng': { key: [1], drawn: 0, splits: 0 } }),
    ],
    ["'state.source'", (state) => Object.assign(state, { source: null })],
    ['EarlyStopping: expected a state', (state) => Object.assign(state, { stopping: { best: 3, worse: 1 } })],
    ['onPlateau: expected a state', (state) => Object.assign(state, { schedule: { rate: 1 } })],
  ])('names %s, leaves no tensor and changes nothing', async (field, edit) => {
    await editState(edit)
    const { model, trainer } = streamRun(store, 8)
    const weights = await stateDict(model)
    const before = tf.memory().numTensors
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(trainer.train()).rejects.toMatchObject({
        name: 'HeddleError',
        code: 'format',
        message: expect.stringContaining(field),
      })
      expect(tf.memory().numTensors).toBe(before)
      expect(await stateDict(model)).toEqual(weights)
    }
  })

  it('because a tensor is of another model leaves no tensor', async () => {
    const before = tf.memory().numTensors
    const model = new Network(1)
    const trainer = new Trainer<Example, Batch>({
      model,
      objective: new Regression(model),
      train: new Batches(examples(64, 2), 16),
      optimizer: new AdamW(model),
      schedule: constant(0.01),
      steps: 20,
      resume: true,
      store,
    })
    await expect(trainer.train()).rejects.toMatchObject({ name: 'HeddleError' })
    disposeParameters(model)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is not caused by a metric that was no number, nor by a damaged log', async () => {
    await editState((state) => Object.assign(best(state), { metrics: { loss: null } }))
    const log = new TextDecoder().decode(await store.read('log.jsonl'))
    await store.write(
      'log.jsonl',
      new TextEncoder().encode(log.replace('{"event":"step","step":2', '\u0000\u0000"step":2')),
    )
    await streamRun(store, 6).trainer.train()
    const { steps, damagedLines } = await readRunLog(store)
    expect(steps.map(({ step }) => step)).toEqual([1, 3, 4, 5, 6])
    expect(damagedLines).toEqual([2])
  })
})
