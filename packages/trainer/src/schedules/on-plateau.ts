import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'
import { type AdaptiveSchedule, schedulePoint } from './schedule.ts'
import { learningRate, minimum } from './schedule-fields.ts'

export interface OnPlateauOptions {
  /** Factor of the rate at each reduction (default 0.1). */
  readonly factor?: number
  /** Number of validations without improvement that are tolerated (default 10). */
  readonly patience?: number
  /** 'min' (default) when less is better, 'max' when more is. */
  readonly mode?: 'min' | 'max'
  /** Change that counts as an improvement (default 1e-4). */
  readonly threshold?: number
  /** Whether the threshold is a share of the best value (default) or a difference. */
  readonly thresholdMode?: 'relative' | 'absolute'
  /** Validations after a reduction that do not count (default 0). */
  readonly cooldown?: number
  /** Lowest rate (default 0). */
  readonly minimum?: number
}

/** Multiplies the rate by `factor` when a validation metric has stopped improving; numbers as torch's ReduceLROnPlateau. */
export function onPlateau(learningRate: number, options: OnPlateauOptions = {}): AdaptiveSchedule {
  const { factor = 0.1, patience = 10, mode = 'min', threshold = 1e-4, thresholdMode = 'relative' } = options
  const { cooldown = 0, minimum = 0 } = options
  if (!(factor > 0 && factor < 1)) {
    throw new HeddleError('config', `onPlateau: expected a factor between 0 and 1, got ${factor}.`)
  }
  let rate = learningRate
  let best: number | null = null
  let bad = 0
  let cooling = 0
  const isRelative = thresholdMode === 'relative'
  const improves = (metric: number) => {
    if (mode === 'min') {
      const before = best ?? Number.POSITIVE_INFINITY
      return metric < (isRelative ? before * (1 - threshold) : before - threshold)
    }
    const before = best ?? Number.NEGATIVE_INFINITY
    return metric > (isRelative ? before * (1 + threshold) : before + threshold)
  }

  return Object.assign(() => rate, {
    observe(metric: number) {
      if (improves(metric)) {
        best = metric
        bad = 0
      } else {
        bad++
      }
      if (cooling > 0) {
        cooling--
        bad = 0
      }
      if (bad > patience) {
        // As PyTorch: a change below 1e-8 is not made.
        const reduced = Math.max(rate * factor, minimum)
        if (rate - reduced > 1e-8) rate = reduced
        cooling = cooldown
        bad = 0
      }
    },
    state: () => ({ rate, best, bad, cooling }),
    restore(state: unknown) {
      const saved = state as { rate: number; best: number | null; bad: number; cooling: number } | null
      const valid =
        [saved?.rate, saved?.bad, saved?.cooling].every((value) => typeof value === 'number') &&
        (saved!.best === null || typeof saved!.best === 'number')
      if (!valid) {
        throw new HeddleError('format', `onPlateau: expected a state { rate, best, bad, cooling }, got ${show(state)}.`)
      }
      ;({ rate, best, bad, cooling } = saved!)
    },
  })
}

export const onPlateauSchedule = schedulePoint.of({
  name: 'on-plateau',
  summary: 'multiplied by a factor when the validation metric stops improving',
  config: z.strictObject({
    learningRate,
    factor: z.number().positive().lt(1).default(0.1).describe('factor of the rate at each reduction'),
    patience: z.int().min(0).default(10).describe('validations without improvement that are tolerated'),
    mode: z
      .enum(['min', 'max'])
      .optional()
      .describe('whether less or more of the metric is better (default: as the monitored metric says)'),
    threshold: z.number().min(0).default(1e-4).describe('change that counts as an improvement'),
    thresholdMode: z
      .enum(['relative', 'absolute'])
      .default('relative')
      .describe('whether the threshold is a share of the best value or a difference'),
    cooldown: z.int().min(0).default(0).describe('validations after a reduction that do not count'),
    minimum,
  }),
  create: ({ learningRate, mode, ...options }, run) =>
    onPlateau(learningRate ?? run.learningRate, { ...options, mode: mode ?? run.mode }),
})
