import { readFileSync } from 'node:fs'
import { createRegistry, type PartSpec } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import {
  type AdaptiveSchedule,
  constant,
  cosine,
  cosineRestarts,
  exponential,
  inverseSquareRoot,
  isAdaptive,
  linear,
  multiStep,
  noam,
  oneCycle,
  onPlateau,
  polynomial,
  type Schedule,
  schedulePoint,
  stableDecay,
  stepDecay,
  trainerPlugin,
  withWarmup,
} from '../index.ts'

const { schedules, metrics } = JSON.parse(
  readFileSync(new URL('../../fixtures/torch.json', import.meta.url), 'utf8'),
) as { schedules: Record<string, number[]>; metrics: number[] }

const ours: Record<string, Schedule> = {
  stepDecay: stepDecay(0.1, { every: 7, gamma: 0.5 }),
  multiStep: multiStep(0.1, { milestones: [5, 12] }),
  exponential: exponential(0.1, { gamma: 0.9 }),
  cosine: cosine(0.1, { steps: 30, minimum: 0.01 }),
  cosineRestarts: cosineRestarts(0.1, { period: 5, growth: 2, minimum: 0.01 }),
  oneCycle: oneCycle(0.1, { steps: 40 }),
  oneCycleOther: oneCycle(0.1, { steps: 40, rise: 0.15, startFactor: 10, endFactor: 100 }),
  oneCycleLinear: oneCycle(0.1, { steps: 40, shape: 'linear' }),
  oneCycleThreePhase: oneCycle(0.1, { steps: 40, threePhase: true }),
  linear: linear(0.1, { steps: 20, end: 0.025 }),
  warmupStableDecay: withWarmup(stableDecay(0.1, { steps: 30, decay: 10, minimum: 0.02 }), 5, 0.02),
  warmLinear: withWarmup(linear(0.1, { steps: 25 }), 5),
  warmCosine: withWarmup(cosine(0.1, { steps: 25 }), 5),
  warmConstant: withWarmup(constant(0.1), 5),
  warmInverseSquareRoot: withWarmup(inverseSquareRoot(0.1, { timescale: 6 }), 6),
}

describe('rates equal those of torch and transformers', () => {
  it.each(Object.keys(ours))('%s', (name) => {
    for (const [step, rate] of schedules[name]!.entries())
      expect(ours[name]!(step), `step ${step}`).toBeCloseTo(rate, 10)
  })

  it.each([
    ['plateau', onPlateau(0.1, { factor: 0.5, patience: 2, cooldown: 1, minimum: 0.03 })],
    ['plateauMax', onPlateau(0.1, { mode: 'max', patience: 3 })],
    ['plateauAbsolute', onPlateau(0.1, { factor: 0.5, patience: 2, threshold: 0.06, thresholdMode: 'absolute' })],
    [
      'plateauMaxAbsolute',
      onPlateau(0.1, { mode: 'max', factor: 0.5, patience: 2, threshold: 0.06, thresholdMode: 'absolute' }),
    ],
  ])('%s', (name, schedule) => {
    for (const [step, rate] of schedules[name]!.entries()) {
      expect(schedule(step), `step ${step}`).toBeCloseTo(rate, 10)
      schedule.observe(metrics[step]!)
    }
    expect(new Set(schedules[name]).size, 'the rate changes').toBeGreaterThan(1)
  })
})

it('follows the formula of the Transformer paper', () => {
  const schedule = noam({ modelSize: 512, warmup: 8 })
  for (let t = 1; t <= 30; t++) {
    expect(schedule(t - 1)).toBeCloseTo(512 ** -0.5 * Math.min(t ** -0.5, t * 8 ** -1.5), 12)
  }
})

it('stays at the last rate past its end', () => {
  expect(cosine(0.1, { steps: 10, minimum: 0.02 })(25)).toBeCloseTo(0.02, 12)
  expect(linear(0.1, { steps: 10, end: 0.02 })(25)).toBeCloseTo(0.02, 12)
  expect(oneCycle(0.1, { steps: 10 })(25)).toBeCloseTo(0.1 / 25 / 1e4, 12)
})

it('goes on from its saved state, also through a warm-up', () => {
  const run = (schedule: ReturnType<typeof onPlateau>, from: number, to: number) =>
    metrics.slice(from, to).map((metric, i) => {
      schedule.observe(metric)
      return schedule(from + i + 100)
    })
  const make = () => withWarmup(onPlateau(0.1, { factor: 0.5, patience: 1 }), 4)
  const whole = make()
  expect(isAdaptive(whole)).toBe(true)
  const expected = run(whole, 0, 20)
  const first = make()
  run(first, 0, 9)
  const second = make()
  second.restore(JSON.parse(JSON.stringify(first.state())))
  expect(run(second, 9, 20)).toEqual(expected.slice(9))
  expect(() => second.restore(3)).toThrow('onPlateau: expected a state')
  expect(isAdaptive(withWarmup(constant(1), 2))).toBe(false)
})

it('is made from a config; a schedule inside a warm-up has the steps that remain', () => {
  const registry = createRegistry(trainerPlugin)
  const make = (spec: { type: string }) =>
    registry.create(schedulePoint, spec, { steps: 30, learningRate: 0.1, mode: 'min', registry })
  const warm = make({ type: 'warmup', steps: 5, schedule: { type: 'cosine', learningRate: 0.1 } } as { type: string })
  for (const [step, rate] of schedules['warmCosine']!.entries()) expect(warm(step)).toBeCloseTo(rate, 10)
  const specs = [
    { type: 'constant', learningRate: 0.1 },
    { type: 'step-decay', learningRate: 0.1, every: 7, gamma: 0.5 },
    { type: 'multi-step', learningRate: 0.1, milestones: [5, 12] },
    { type: 'exponential', learningRate: 0.1, gamma: 0.9 },
    { type: 'cosine', learningRate: 0.1, minimum: 0.01 },
    { type: 'cosine-restarts', learningRate: 0.1, period: 5, growth: 2, minimum: 0.01 },
    { type: 'linear', learningRate: 0.1, steps: 20, end: 0.025 },
    { type: 'inverse-square-root', learningRate: 0.1, timescale: 6 },
    { type: 'noam', modelSize: 64, warmup: 10 },
    { type: 'one-cycle', learningRate: 0.1, steps: 40 },
    { type: 'on-plateau', learningRate: 0.1 },
    { type: 'polynomial', learningRate: 0.1 },
    { type: 'warmup-stable-decay', learningRate: 0.1 },
  ]
  expect(specs.length + 1).toBe(registry.list(schedulePoint).length)
  const names: Record<string, string> = {
    'step-decay': 'stepDecay',
    'multi-step': 'multiStep',
    'cosine-restarts': 'cosineRestarts',
    'one-cycle': 'oneCycle',
  }
  for (const spec of specs) {
    const expected = schedules[names[spec.type] ?? spec.type]
    const schedule = make(spec)
    expect(schedule(0)).toBeGreaterThan(0)
    for (const [step, rate] of (expected ?? []).entries()) expect(schedule(step)).toBeCloseTo(rate, 10)
  }
})

it('takes the rate, the steps and the direction of the metric from the run where its config leaves them out', () => {
  const registry = createRegistry(trainerPlugin)
  const run = { steps: 25, learningRate: 0.1, mode: 'max', registry } as const
  const same = (spec: PartSpec, expected: Schedule) => {
    const schedule = registry.create(schedulePoint, spec, run)
    for (let step = 0; step < 40; step++) expect(schedule(step)).toBe(expected(step))
  }
  same({ type: 'constant' }, constant(0.1))
  same({ type: 'constant', learningRate: 0.2 }, constant(0.2))
  same({ type: 'cosine' }, cosine(0.1, { steps: 25 }))
  same({ type: 'linear', steps: 10 }, linear(0.1, { steps: 10 }))
  same({ type: 'one-cycle' }, oneCycle(0.1, { steps: 25 }))
  same({ type: 'noam', modelSize: 8, warmup: 3 }, noam({ modelSize: 8, warmup: 3 }))
  same({ type: 'warmup', steps: 5, schedule: { type: 'cosine' } }, withWarmup(cosine(0.1, { steps: 20 }), 5))
  const rateAfter = (spec: PartSpec) => {
    const schedule = registry.create(schedulePoint, spec, run) as AdaptiveSchedule
    for (const metric of [1, 2, 3]) schedule.observe(metric)
    return schedule(30)
  }
  const plateau = { type: 'on-plateau', patience: 0, factor: 0.5 }
  expect(rateAfter(plateau)).toBe(0.1)
  expect(rateAfter({ ...plateau, mode: 'min' })).toBe(0.025)
  expect(rateAfter({ type: 'warmup', steps: 5, schedule: plateau })).toBe(0.1)
})

it('a stable rate ends in a decay of any shape', () => {
  for (const shape of ['cosine', 'linear', 'square-root'] as const) {
    const schedule = stableDecay(0.1, { steps: 100, decay: 20, shape, minimum: 0.01 })
    for (let step = 0; step <= 80; step++) expect(schedule(step)).toBe(0.1)
    expect(schedule(90)).toBeCloseTo(
      0.01 + 0.09 * { cosine: 0.5, linear: 0.5, 'square-root': 1 - Math.SQRT1_2 }[shape],
      12,
    )
    for (const step of [100, 101, 1e6]) expect(schedule(step)).toBeCloseTo(0.01, 12)
  }
  const registry = createRegistry(trainerPlugin)
  const run = { steps: 100, learningRate: 0.1, mode: 'min', registry } as const
  const spec = { type: 'warmup-stable-decay', warmup: 10 }
  const named = registry.create(schedulePoint, spec, run)
  expect([0, 5, 10, 90].map(named)).toEqual([0, 0.05, 0.1, 0.1])
  expect(named(95)).toBeCloseTo(0.05, 12)
  expect(named(100)).toBe(0)
  const half = registry.create(schedulePoint, { ...spec, decay: 0.5 }, run)
  expect([50, 75, 100].map(half)).toEqual([0.1, expect.closeTo(0.05, 12), 0])
  const triangle = registry.create(schedulePoint, { ...spec, warmup: 0.5, decay: 0.5, shape: 'linear' }, run)
  expect([0, 25, 50, 75, 100].map(triangle)).toEqual([0, 0.05, 0.1, 0.05, 0])
})

it('refuses what cannot be a schedule', () => {
  expect(() => cosine(0.1, { steps: 0 })).toThrow('cosine: expected a number of steps above 0, got 0.')
  expect(() => cosineRestarts(0.1, { period: 5, growth: 0.5 })).toThrow('expected a growth of at least 1, got 0.5')
  expect(() => withWarmup(constant(1), -1)).toThrow('withWarmup: expected steps of at least 0, got -1.')
  expect(() => stableDecay(0.1, { steps: 10, decay: 11 })).toThrow('expected decay from 1 to steps (10), got 11')
  expect(() => polynomial(0.1, { steps: 10, power: 0 })).toThrow('polynomial: expected a power above 0, got 0.')
  expect(() => onPlateau(0.1, { factor: 1 })).toThrow('onPlateau: expected a factor between 0 and 1, got 1.')
})
