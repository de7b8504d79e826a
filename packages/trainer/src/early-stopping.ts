import { HeddleError, show } from '@heddle/core'

export interface EarlyStoppingOptions {
  /** Validations without improvement after which training ends (default: never). */
  readonly patience?: number
  /** 'min' (default) when less is better, 'max' when more is. */
  readonly mode?: 'min' | 'max'
}

interface State {
  readonly best: { readonly step: number; readonly value: number | null } | null
  readonly worse: number
}

/** Tracks a validation metric: its best value, and whether it has stopped improving. */
export class EarlyStopping {
  readonly patience: number
  readonly mode: 'min' | 'max'
  #best: { step: number; value: number } | undefined
  #worse = 0

  constructor({ patience = Number.POSITIVE_INFINITY, mode = 'min' }: EarlyStoppingOptions = {}) {
    if (!(patience > 0)) {
      throw new HeddleError('config', `EarlyStopping: expected a patience of at least 1, got ${patience}.`)
    }
    this.patience = patience
    this.mode = mode
  }

  /** Records the metric of a step; returns whether it is the best so far, which NaN never is. */
  observe(step: number, value: number): boolean {
    const best = this.#best
    const better =
      !Number.isNaN(value) && (best === undefined || (this.mode === 'min' ? value < best.value : value > best.value))
    if (better) {
      this.#best = { step, value }
      this.#worse = 0
    } else {
      this.#worse++
    }
    return better
  }

  get best(): { readonly step: number; readonly value: number } | undefined {
    return this.#best
  }

  /** Whether the patience is used up. */
  get exhausted(): boolean {
    return this.#worse >= this.patience
  }

  state(): State {
    return { best: this.#best ?? null, worse: this.#worse }
  }

  restore(state: unknown): void {
    const saved = state as State | null
    const best = saved?.best
    const valid =
      typeof saved?.worse === 'number' &&
      (best === null || (typeof best?.step === 'number' && (best.value === null || typeof best.value === 'number')))
    if (!valid) {
      throw new HeddleError('format', `EarlyStopping: expected a state { best, worse }, got ${show(state)}.`)
    }
    // JSON has no infinities; only the worse one can be the best value so far.
    const worst = this.mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.#best = best ? { step: best.step, value: best.value ?? worst } : undefined
    this.#worse = saved.worse
  }
}
