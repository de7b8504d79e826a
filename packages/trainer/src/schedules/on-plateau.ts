import { HeddleError, show } from '@heddle/core'
import type { AdaptiveSchedule } from './schedule.ts'

export interface OnPlateauOptions {
  /** What the rate is multiplied by (default 0.1). */
  readonly factor?: number
  /** How many validations without improvement are borne (default 10). */
  readonly patience?: number
  /** 'min' (default) when less is better, 'max' when more is. */
  readonly mode?: 'min' | 'max'
  /** The relative change that counts as an improvement (default 1e-4). */
  readonly threshold?: number
  /** Validations after a reduction that do not count (default 0). */
  readonly cooldown?: number
  /** Default 0. */
  readonly minimum?: number
}

/** Multiplies the rate by `factor` when a validation metric has stopped improving; numbers as torch's ReduceLROnPlateau. */
export function onPlateau(learningRate: number, options: OnPlateauOptions = {}): AdaptiveSchedule {
  const { factor = 0.1, patience = 10, mode = 'min', threshold = 1e-4, cooldown = 0, minimum = 0 } = options
  if (!(factor > 0 && factor < 1)) {
    throw new HeddleError('config', `onPlateau: expected a factor between 0 and 1, got ${factor}.`)
  }
  let rate = learningRate
  let best: number | null = null
  let bad = 0
  let cooling = 0
  const improves = (metric: number) => {
    if (best === null) return !Number.isNaN(metric)
    return mode === 'min' ? metric < best * (1 - threshold) : metric > best * (1 + threshold)
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
      if (typeof saved !== 'object' || typeof saved?.rate !== 'number') {
        throw new HeddleError('format', `onPlateau: expected a state { rate, best, bad, cooling }, got ${show(state)}.`)
      }
      ;({ rate, best, bad, cooling } = saved)
    },
  })
}
