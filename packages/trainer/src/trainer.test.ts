import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { AdamW, constant, MemoryStore, type StepEvent, Trainer, type ValidationEvent, validate } from './index.ts'
import { withInPlaceAdam } from './test-support/in-place-adam.ts'
import { Batches, examples, Network, Regression } from './test-support/regression.ts'
import { setUp, weights } from './test-support/set-up.ts'

beforeAll(useCpu)

it('learns, and reports each step and validation', async () => {
  const steps: StepEvent[] = []
  const validations: ValidationEvent[] = []
  const { model, objective, trainer } = setUp({
    evaluateEvery: 30,
    events: { onStep: (event) => steps.push(event), onValidation: (event) => validations.push(event) },
  })
  const untrained = await validate({ model, objective, batches: [examples(40, 3)] })
  const result = await trainer.train()
  expect(result).toMatchObject({ steps: 200, reason: 'finished' })
  expect(result.best!.value).toBeLessThan(0.05 * untrained['loss']!)
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
  expect(steps.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 200 }, (_, i) => Math.floor(i / 4)))
  expect(steps[0]!.learningRate).toBe(0)
  expect(steps[10]!.learningRate).toBe(0.02)
  expect(steps[0]!.remainingMs).toBeUndefined()
  expect(steps.at(-1)!.remainingMs).toBe(0)
  for (const { loss, metrics, gradientNorm, tokensPerSecond, elapsedMs, remainingMs = 0 } of steps) {
    expect(metrics['absolute']! ** 2).toBeLessThanOrEqual(loss * (1 + 1e-5))
    expect(
      [loss, gradientNorm, tokensPerSecond, elapsedMs, remainingMs].every((x) => Number.isFinite(x) && x >= 0),
    ).toBe(true)
  }
  expect(validations.map(({ step }) => step)).toEqual([30, 60, 90, 120, 150, 180, 200])
  // The weights in the model are the best ones.
  const after = await validate({ model, objective, batches: [examples(40, 3)] })
  expect(after['loss']).toBeCloseTo(result.best!.value, 6)
  expect(model.training).toBe(false)
})

it('leaks nothing: the number of tensors is flat from step 10 on', async () => {
  const counts: number[] = []
  const { trainer } = setUp({
    steps: 30,
    clipNorm: 0.5,
    clipValue: 0.3,
    accumulate: 2,
    evaluateEvery: 10,
    weightAveraging: { type: 'ema', decay: 0.9 },
    events: { onStep: () => counts.push(tf.memory().numTensors) },
  })
  await trainer.train()
  expect(new Set(counts.slice(10)).size).toBe(1)
  expect(tf.memory().numTensors).toBeLessThanOrEqual(counts.at(-1)!)
})

it('leaks nothing: the heap in use is flat', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  // tfjs keeps a number for every operation while it checks for leaks itself.
  tf.env().set('IS_TEST', false)
  const used: number[] = []
  const { trainer } = setUp({
    steps: 260,
    evaluateEvery: 260,
    events: {
      onStep: ({ step }) => {
        if (step !== 60 && step !== 260) return
        collectGarbage()
        used.push(process.memoryUsage().heapUsed)
      },
    },
  })
  await trainer.train()
  tf.env().set('IS_TEST', true)
  expect(used[1]! - used[0]!).toBeLessThan(5e5)
})

it('an objective that fails leaves no tensor behind, and the log tells how far training came', async () => {
  const store = new MemoryStore()
  for (const failAt of ['collate', 'loss'] as const) {
    const model = new Network(1)
    const objective = new Regression(model)
    const original = objective[failAt].bind(objective) as (...inputs: unknown[]) => unknown
    let calls = 0
    Object.assign(objective, {
      [failAt]: (...inputs: unknown[]) => {
        if (++calls === 6) throw new Error('broken')
        return original(...inputs)
      },
    })
    const optimizer = new AdamW(model)
    const { trainer } = setUp({ model, objective, optimizer, accumulate: 2, ...(failAt === 'loss' && { store }) })
    await weights(model)
    const before = tf.memory().numTensors
    await expect(trainer.train()).rejects.toThrow('broken')
    trainer.dispose()
    expect(tf.memory().numTensors).toBe(before)
  }
  expect(
    new TextDecoder()
      .decode(await store.read('log.jsonl'))
      .trim()
      .split('\n').length,
  ).toBe(2)
})

it('ends after the step in hand when the signal aborts, and goes on when asked again', async () => {
  const expected = setUp({ steps: 30 })
  await expected.trainer.train()
  const controller = new AbortController()
  const { model, trainer } = setUp({
    steps: 30,
    events: { onStep: ({ step }) => step === 12 && controller.abort() },
  })
  expect(await trainer.train(controller.signal)).toMatchObject({ steps: 12, reason: 'aborted' })
  expect(await trainer.train()).toMatchObject({ steps: 30, reason: 'finished' })
  expect(await weights(model)).toEqual(await weights(expected.model))
})

it('lets timers run while it trains', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 10)
  const { trainer } = setUp({ steps: 150, evaluateEvery: 150 })
  await trainer.train()
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(1)
})

it('refuses settings that do not fit', () => {
  expect(() => setUp({ steps: 0 })).toThrow('Trainer: expected steps to be an integer above 0, got 0.')
  expect(() => setUp({ accumulate: 1.5 })).toThrow('expected accumulate to be an integer above 0, got 1.5')
  expect(() => setUp({ clipNorm: 0 })).toThrow('expected clipNorm above 0, got 0')
  const { model, objective } = setUp()
  const bare = {
    model,
    objective,
    train: new Batches(examples(64, 2), 16),
    optimizer: new AdamW(model),
    schedule: constant(1),
    steps: 1,
  }
  expect(() => new Trainer({ ...bare, patience: 2 })).toThrow(
    'expected validation examples, as patience is set, got none',
  )
})

it('keeps copies of the best weights, also when the optimizer works in place', async () => {
  const seen: Float32Array[] = []
  const { model, trainer } = setUp({
    steps: 40,
    evaluateEvery: 10,
    // More loss counts as better here, so the first validation is the best one and training goes on from it.
    mode: 'max',
    store: new MemoryStore(),
    evaluate: async () => {
      seen.push((await weights(model)).slice())
      return {}
    },
  })
  const calls = await withInPlaceAdam(async () => {
    const { best } = await trainer.train()
    expect(best!.step).toBe(10)
  })
  expect(calls).toBe(40)
  expect(await weights(model)).toEqual(seen[0])
  expect(seen[3]).not.toEqual(seen[0])
})
