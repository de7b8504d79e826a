import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disposeParameters, Module, stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  AdamW,
  constant,
  MemoryStore,
  type ObjectiveLoss,
  type RunStore,
  readRunLog,
  SGD,
  Trainer,
  type TrainerOptions,
} from './index.ts'
import { FolderStore } from './node.ts'
import { type Batch, Batches, type Example, examples, Network, Regression } from './test-support/regression.ts'
import { streamRun } from './test-support/stream-run.ts'

beforeAll(useCpu)

/** Trains a regression whose loss is changed by `change`. */
function setUp(
  options: Partial<TrainerOptions<Example, Batch>> = {},
  change: (result: ObjectiveLoss, batch: Batch) => ObjectiveLoss = (result) => result,
) {
  const model = new Network(1, 0)
  const objective = new Regression(model)
  const original = objective.loss.bind(objective)
  const changed = { collate: objective.collate.bind(objective), loss: (batch: Batch) => change(original(batch), batch) }
  const trainer = new Trainer<Example, Batch>({
    model,
    objective: changed,
    train: new Batches(examples(64, 2), 16),
    optimizer: new SGD(model),
    schedule: constant(0.01),
    steps: 20,
    ...options,
  })
  return { model, trainer }
}

/** The best validation in the state of a checkpoint. */
const best = (state: Record<string, unknown>) => (state['best'] as object[])[0]!

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
        const { model, trainer } = setUp(limits, withGradient(3, gradient))
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
    const { model, trainer } = setUp({ clipValue: 0.5, steps: 1 }, withGradient(1, 1e30))
    const result = await trainer.train()
    expect(result.steps).toBe(1)
    for (const { bytes } of (await stateDict(model)).values()) {
      expect(new Float32Array(bytes.slice().buffer).every(Number.isFinite)).toBe(true)
    }
  })

  it('names the first module whose output is not finite', async () => {
    for (const path of ['hidden', 'output'] as const) {
      const { model, trainer } = setUp()
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
    const { model, trainer } = setUp()
    const spoiled = tf.fill([16], Number.NaN)
    model.hidden.bias!.assign(spoiled)
    spoiled.dispose()
    await expect(trainer.train()).rejects.toThrow("The weights 'hidden.bias' are not finite.")
    const steep = setUp({}, withGradient(1, Number.NaN))
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
    const { model, trainer } = setUp({ nonFinite: 'skip', steps: 5, store, events }, withGradient(3, Number.NaN))
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
    const { trainer } = setUp({ nonFinite: 'skip', steps: 200 }, (result) => ({
      ...result,
      loss: tf.mul(result.loss, Number.NaN) as tf.Scalar,
    }))
    await expect(trainer.train()).rejects.toThrow('got none in 100 steps up to step 101.')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1])(
    'a learning rate of %s is refused before the update',
    async (rate) => {
      const { model, trainer } = setUp({ schedule: (step) => (step === 2 ? rate : 0.01) })
      const watched = setUp({ steps: 2 })
      await watched.trainer.train()
      const before = await stateDict(watched.model)
      await expect(trainer.train()).rejects.toThrow(
        `Trainer: expected the schedule to return a learning rate of at least 0, got ${rate} at step 3.`,
      )
      expect(await stateDict(model)).toEqual(before)
    },
  )
})

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
    const trained = setUp({}, loss as unknown as () => ObjectiveLoss)
    await expect(trained.trainer.train()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`Objective.loss: ${message}`),
    })
    const validated = setUp({ validation: examples(4, 3), steps: 1 }, (result) =>
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
    const { trainer } = setUp({ model: hidden, optimizer: new SGD(hidden) })
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

describe('a folder', () => {
  let folder: string

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'heddle-faults-')), 'run')
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true }))

  it('that is deleted during training ends it at the next write', async () => {
    let saved = 0
    const { trainer } = streamRun(new FolderStore(folder), 100, {
      onCheckpoint: ({ step }) => {
        saved = step
      },
      onStep: ({ step }) => void (step === 7 && rmSync(folder, { recursive: true })),
    })
    await expect(trainer.train()).rejects.toMatchObject({
      code: 'file',
      message: expect.stringContaining('the folder was deleted, moved or emptied'),
    })
    expect(saved).toBe(6)
    expect(existsSync(folder)).toBe(false)
  })

  // Writing to /dev/full fails as on a full disk.
  it.runIf(process.platform === 'linux')(
    'on a full disk keeps the checkpoint before, and goes on from it',
    async () => {
      const tensors = async (store: RunStore) => {
        const paths = (await store.list('trainer')).filter((path) => path.endsWith('.safetensors'))
        return Promise.all(paths.map(async (path) => [path, await store.read(path)]))
      }
      const whole = new MemoryStore()
      await streamRun(whole, 8).trainer.train()
      for (const file of ['optimizer-6.safetensors', 'state.json']) {
        const store = new FolderStore(folder)
        const { trainer } = streamRun(store, 8, {
          onStep: ({ step }) => void (step === 5 && symlinkSync('/dev/full', join(folder, `trainer/${file}.tmp`))),
        })
        await expect(trainer.train()).rejects.toMatchObject({
          code: 'file',
          message: expect.stringMatching(new RegExp(`could not write '.*${file}' \\(ENOSPC.*free space`)),
        })
        expect((await readdir(join(folder, 'trainer'))).filter((name) => /-6\.|tmp/.test(name))).toEqual([])
        await streamRun(store, 8).trainer.train()
        expect(await tensors(store)).toEqual(await tensors(whole))
        await rm(folder, { recursive: true })
      }
    },
  )

  it('is used by one trainer at a time', async () => {
    const outcomes = await Promise.allSettled([1, 2].map(() => streamRun(new FolderStore(folder), 8).trainer.train()))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { reason } = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(reason).toMatchObject({ code: 'file', message: expect.stringContaining(`process ${process.pid}`) })
    const { steps, damagedLines } = await readRunLog(new FolderStore(folder))
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 8 }, (_, i) => i + 1))
    expect(damagedLines).toEqual([])
    expect(existsSync(join(folder, 'run.lock'))).toBe(false)
  })

  it('with a torn last line is continued', async () => {
    const store = new FolderStore(folder)
    await streamRun(store, 4).trainer.train()
    await appendFile(join(folder, 'log.jsonl'), '{"event":"step","st')
    await streamRun(store, 8).trainer.train()
    const { steps, damagedLines } = await readRunLog(store)
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(damagedLines).toEqual([])
  })
})
