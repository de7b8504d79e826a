import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  AdamW,
  constant,
  cosine,
  MemoryStore,
  onPlateau,
  SGD,
  type StepEvent,
  Trainer,
  type TrainerOptions,
  type ValidationEvent,
  validate,
  withWarmup,
} from './index.ts'
import { withInPlaceAdam } from './test-support/in-place-adam.ts'
import { type Batch, Batches, type Example, examples, Network, Regression } from './test-support/regression.ts'

beforeAll(useCpu)

function setUp(options: Partial<TrainerOptions<Example, Batch>> = {}, { dropout = 0.1, noise = 0 } = {}) {
  const model = new Network(1, dropout)
  const objective = new Regression(model, noise)
  const trainer = new Trainer<Example, Batch>({
    model,
    objective,
    train: new Batches(examples(64, 2), 16),
    validation: examples(40, 3),
    optimizer: new AdamW(model),
    schedule: withWarmup(cosine(0.02, { steps: 190 }), 10),
    steps: 200,
    ...options,
  })
  return { model, objective, trainer }
}

async function weights(model: Network): Promise<Float32Array> {
  const state = await stateDict(model)
  return Float32Array.from([...state.values()].flatMap(({ bytes }) => [...new Float32Array(bytes.slice().buffer)]))
}

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

describe('validation', () => {
  it('gives the exact mean whatever the size of its batches', async () => {
    const { model, objective } = setUp()
    const all = examples(40, 3)
    const whole = await validate({ model, objective, batches: [all] })
    const parts = await validate({ model, objective, batches: [all.slice(0, 7), all.slice(7, 9), all.slice(9)] })
    expect(parts['loss']).toBeCloseTo(whole['loss']!, 5)
    expect(parts['absolute']).toBeCloseTo(whole['absolute']!, 5)
    const naive = (
      await Promise.all([all.slice(0, 7), all.slice(7)].map((part) => validate({ model, objective, batches: [part] })))
    ).reduce((sum, part) => sum + part['loss']! / 2, 0)
    expect(naive).not.toBeCloseTo(whole['loss']!, 3)
    await expect(validate({ model, objective, batches: [] })).rejects.toThrow(
      'expected at least one held-out example, got none',
    )
  })

  it('weighs each metric by its own items, and leaves a mean over nothing out', async () => {
    // An example: the sum and the number of the items of its loss, and of its metric.
    type Sums = readonly [loss: number, items: number, metric: number, items: number]
    const validated = (batches: Sums[]) =>
      validate<Sums, Sums>({
        model: new Network(1, 0),
        objective: {
          collate: ([example]) => example!,
          loss: ([loss, weight, metric, weightOfMetric]) => ({
            loss: tf.scalar(loss / weight),
            metrics: { metric: tf.scalar(metric / weightOfMetric) },
            weight,
            metricWeights: { metric: weightOfMetric },
          }),
        },
        batches: batches.map((batch) => [batch]),
      })
    const { loss, metric } = await validated([
      [6, 3, 1, 2],
      [0, 0, 1, 6],
      [2, 1, 0, 0],
    ])
    expect(loss).toBeCloseTo(8 / 4, 6)
    expect(metric).toBeCloseTo(2 / 8, 6)
    expect(await validated([[0, 0, 3, 6]])).toEqual({ metric: 0.5 })
    await expect(validated([[0, 0, 0, 0]])).rejects.toThrow('expected at least one held-out example')
  })

  it('switches dropout off and draws nothing from its stream', async () => {
    const { model, objective } = setUp({}, { dropout: 0.5 })
    const before = model.dropout.rng.state()
    const [a, b] = [
      await validate({ model, objective, batches: [examples(10, 3)] }),
      await validate({ model, objective, batches: [examples(10, 3)] }),
    ]
    expect(a).toEqual(b)
    expect(model.dropout.rng.state()).toEqual(before)
    expect(model.training).toBe(true)
  })

  it('takes metrics of the caller, and monitors the one that is asked for', async () => {
    const scores = [0.1, 0.7, 0.3, 0.6]
    const kept: Float32Array[] = []
    const { model, trainer } = setUp({
      steps: 40,
      evaluateEvery: 10,
      monitor: 'score',
      mode: 'max',
      evaluate: async () => {
        expect(model.training).toBe(false)
        kept.push(await weights(model))
        return { score: scores[kept.length - 1]! }
      },
    })
    const result = await trainer.train()
    expect(result.best).toMatchObject({ step: 20, value: 0.7, metrics: { score: 0.7 } })
    expect(await weights(model)).toEqual(kept[1])
    expect(kept[1]).not.toEqual(kept[3])
    const { trainer: other } = setUp({ steps: 5, monitor: 'los' })
    await expect(other.train()).rejects.toThrow(
      "expected monitor to be one of the validation metrics, got 'los'. Did you mean 'loss'?",
    )
  })

  it('ends training when patience is used up, with the best weights', async () => {
    const { model, objective, trainer } = setUp({
      evaluateEvery: 5,
      patience: 3,
      schedule: constant(0.05),
      steps: 2000,
    })
    const result = await trainer.train()
    expect(result.reason).toBe('patience')
    expect(result.steps).toBe(result.best!.step + 15)
    const after = await validate({ model, objective, batches: [examples(40, 3)] })
    expect(after['loss']).toBeCloseTo(result.best!.value, 6)
  })

  it('tells an adaptive schedule', async () => {
    const rates: number[] = []
    const { trainer } = setUp({
      steps: 60,
      evaluateEvery: 5,
      schedule: onPlateau(0.1, { factor: 0.5, patience: 1, mode: 'max' }),
      events: { onStep: ({ learningRate }) => rates.push(learningRate) },
    })
    await trainer.train()
    expect(rates[0]).toBe(0.1)
    expect(rates.at(-1)).toBeLessThan(0.1)
  })
})

it('without validation ends with the last weights', async () => {
  const { model, objective, trainer } = setUp({ steps: 20 })
  const plain = new Trainer<Example, Batch>({
    model,
    objective,
    train: new Batches(examples(64, 2), 16),
    optimizer: new AdamW(model),
    schedule: constant(0.01),
    steps: 20,
  })
  expect(await plain.train()).toMatchObject({ steps: 20, best: undefined })
  trainer.dispose()
})

describe('gradients', () => {
  it('of several batches make the step of one large batch', async () => {
    const all = examples(48, 2)
    const run = async (size: number, accumulate: number, limits: object = {}) => {
      const model = new Network(1, 0)
      const losses: number[] = []
      // Parts of different sizes: their weights must count.
      const cuts = size === 48 ? [all] : [all.slice(0, 10), all.slice(10, 30), all.slice(30)]
      let at = 0
      await new Trainer<Example, Batch>({
        model,
        objective: new Regression(model),
        train: {
          next: () => cuts[at++ % cuts.length]!,
          epoch: 0,
          batchesPerEpoch: 1,
          state: () => at,
          restore: () => {},
        },
        optimizer: new SGD(model, { momentum: 0.9 }),
        schedule: constant(0.05),
        steps: 10,
        accumulate,
        events: { onStep: ({ loss, gradientNorm }) => losses.push(loss, gradientNorm) },
        ...limits,
      }).train()
      return [...losses, ...(await weights(model))]
    }
    for (const limits of [{}, { clipNorm: 0.3 }, { clipValue: 0.05 }]) {
      const whole = await run(48, 1, limits)
      const parts = await run(16, 3, limits)
      for (const [i, x] of whole.entries()) expect(parts[i]).toBeCloseTo(x, 5)
    }
    expect(await run(48, 1, { clipValue: 0.05 })).not.toEqual(await run(48, 1))
  })

  it('are clipped to the norm that is asked for', async () => {
    const run = async (clipNorm?: number) => {
      const model = new Network(1, 0)
      const before = await weights(model)
      let norm = 0
      await new Trainer<Example, Batch>({
        model,
        objective: new Regression(model),
        train: new Batches(examples(64, 2), 64),
        optimizer: new SGD(model),
        schedule: constant(1),
        steps: 1,
        ...(clipNorm && { clipNorm }),
        events: { onStep: ({ gradientNorm }) => (norm = gradientNorm) },
      }).train()
      const after = await weights(model)
      return { norm, moved: Math.hypot(...after.map((x, i) => x - before[i]!)) }
    }
    const free = await run()
    expect(free.moved).toBeCloseTo(free.norm, 4)
    const clipped = await run(free.norm / 10)
    expect(clipped.norm).toBeCloseTo(free.norm, 5)
    expect(clipped.moved).toBeCloseTo(free.norm / 10, 4)
  })

  it('that are not finite end training with the step, the rate and the last losses, and do not reach the weights', async () => {
    const { model, objective, trainer } = setUp({ train: badAfter(7), steps: 20 })
    await weights(model)
    const before = tf.memory().numTensors
    await expect(trainer.train()).rejects.toThrow(
      /Trainer: expected a finite loss and gradient, got loss NaN .* at step 8 with learning rate 0\.014; the last losses were (\d\.\d+, ){4}\d\.\d+\. Lower/,
    )
    await expect(trainer.train()).rejects.toMatchObject({ code: 'training' })
    expect((await weights(model)).every(Number.isFinite)).toBe(true)
    trainer.dispose()
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before)
    expect(objective.model).toBe(model)
  })
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

/** Batches whose target is not a number after some. */
function badAfter(good: number) {
  const source = new Batches(examples(64, 2), 16)
  let drawn = 0
  return Object.assign(source, {
    next: () => (drawn++ < good ? Batches.prototype.next.call(source) : [{ x: [1, 2, 3], y: Number.NaN }]) as Example[],
  })
}

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
