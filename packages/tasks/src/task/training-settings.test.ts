import { createRegistry, type PartSpec } from '@heddle/core'
import { cosine, isAdaptive, noam, schedulePoint, trainerPlugin, withWarmup } from '@heddle/trainer'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { registry } from '../test-support/registry.ts'
import { buildSchedule, type TrainingSettings, trainingFields } from './training-settings.ts'

const settings: TrainingSettings = {
  steps: 100,
  batchSize: 32,
  learningRate: 1,
  warmupSteps: 0,
  optimizer: { type: 'adamw' },
  monitor: 'loss',
  clipNorm: 1,
  accumulate: 1,
  nonFinite: 'stop',
  minChange: 0,
  keepBest: 1,
  evaluateEvery: 10,
}

/** The rate after validations whose metric rises. */
function rateAfterRise(schedule: PartSpec, mode: 'min' | 'max'): number {
  const built = buildSchedule({ ...settings, schedule }, registry, mode)
  if (!isAdaptive(built)) throw new Error('expected a schedule that follows the metric')
  for (const metric of [0.1, 0.2, 0.3]) built.observe(metric)
  return built(50)
}

describe('training.optimizer', () => {
  const parse = (optimizer: unknown) => z.object(trainingFields).parse({ optimizer }).optimizer

  it('is AdamW with a little weight decay, with other settings too', () => {
    expect(parse(undefined)).toEqual({ type: 'adamw', weightDecay: 0.01 })
    expect(parse({ layerDecay: 0.9 })).toEqual({ type: 'adamw', weightDecay: 0.01, layerDecay: 0.9 })
    expect(parse({ weightDecay: 0 })).toEqual({ type: 'adamw', weightDecay: 0 })
  })

  it('has none of these settings where it is named', () => {
    expect(parse('adamw')).toEqual({ type: 'adamw' })
    expect(parse({ type: 'sgd', momentum: 0.9 })).toEqual({ type: 'sgd', momentum: 0.9 })
  })
})

describe('buildSchedule', () => {
  const plateau = { type: 'on-plateau', patience: 0, factor: 0.5 }

  it('lets a schedule that follows the monitored metric know which way is better', () => {
    expect(rateAfterRise(plateau, 'max')).toBe(1)
    expect(rateAfterRise(plateau, 'min')).toBe(0.25)
    expect(rateAfterRise({ type: 'warmup', steps: 5, schedule: plateau }, 'max')).toBe(1)
    expect(rateAfterRise({ type: 'warmup', steps: 5, schedule: plateau }, 'min')).toBe(0.25)
  })

  it('is warm-up and half a cosine to the end of the run without one', () => {
    const built = buildSchedule({ ...settings, warmupSteps: 10, learningRate: 0.3 }, registry, 'min')
    const expected = withWarmup(cosine(0.3, { steps: 90 }), 10)
    for (let step = 0; step < 100; step++) expect(built(step)).toBe(expected(step))
  })

  it('gives a schedule the learning rate only where it takes one', () => {
    const named = buildSchedule({ ...settings, learningRate: 0.3, schedule: { type: 'constant' } }, registry, 'min')
    expect(named(7)).toBe(0.3)
    const own = buildSchedule({ ...settings, schedule: { type: 'noam', modelSize: 64, warmup: 10 } }, registry, 'min')
    expect(own(20)).toBe(noam({ modelSize: 64, warmup: 10 })(20))
    const saw = schedulePoint.of({
      name: 'acme/saw',
      summary: 'rises and falls at once',
      config: z.strictObject({}),
      create: (_, run) => (step) => run.learningRate * ((step % 10) / 10),
    })
    const withSaw = createRegistry([trainerPlugin, { name: 'acme', contributes: [saw] }])
    expect(buildSchedule({ ...settings, schedule: { type: 'acme/saw' } }, withSaw, 'min')(15)).toBe(0.5)
  })

  it('leaves what is asked for', () => {
    expect(rateAfterRise({ ...plateau, mode: 'min' }, 'max')).toBe(0.25)
  })
})
