import type { PartSpec } from '@heddle/core'
import { isAdaptive } from '@heddle/trainer'
import { describe, expect, it } from 'vitest'
import { registry } from './test-support/tiny.ts'
import { buildSchedule, type TrainingSettings } from './training-settings.ts'

const settings: TrainingSettings = {
  steps: 100,
  learningRate: 1,
  warmupSteps: 0,
  optimizer: 'adamw',
  clipNorm: 1,
  evaluateEvery: 10,
}

/** The rate after validations whose metric rises. */
function rateAfterRise(schedule: string | PartSpec, mode: 'min' | 'max'): number {
  const built = buildSchedule({ ...settings, schedule }, registry, mode)
  if (!isAdaptive(built)) throw new Error('expected a schedule that follows the metric')
  for (const metric of [0.1, 0.2, 0.3]) built.observe(metric)
  return built(50)
}

describe('buildSchedule', () => {
  const plateau = { type: 'on-plateau', patience: 0, factor: 0.5 }

  it('lets a schedule that follows the monitored metric know which way is better', () => {
    expect(rateAfterRise(plateau, 'max')).toBe(1)
    expect(rateAfterRise(plateau, 'min')).toBe(0.25)
    expect(rateAfterRise({ type: 'warmup', steps: 5, schedule: { ...plateau, learningRate: 1 } }, 'max')).toBe(1)
    expect(rateAfterRise({ type: 'warmup', steps: 5, schedule: { ...plateau, learningRate: 1 } }, 'min')).toBe(0.25)
  })

  it('leaves what is asked for', () => {
    expect(rateAfterRise({ ...plateau, mode: 'min' }, 'max')).toBe(0.25)
  })
})
