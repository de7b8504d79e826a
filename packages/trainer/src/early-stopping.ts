import { HeddleError, show } from '@heddle/core'

export interface EarlyStoppingOptions {
  /** Validations without improvement after which training ends (default: never). */
  readonly patience?: number
  /** Change of the metric that counts as an improvement for the patience (default 0: any). */
  readonly minChange?: number
  /** 'min' (default) when less is better, 'max' when more is. */
  readonly mode?: 'min' | 'max'
}

interface State {
  readonly best: { readonly step: number; readonly value: number | null } | null
  /** The value that the next improvement is measured from. */
  readonly reference: number | null
  readonly worse: number
}

/** Tracks a validation metric: its best value, and whether it has stopped improving. */
export class EarlyStopping {
  readonly patience: number
  readonly minChange: number
  readonly mode: 'min' | 'max'
  #best: { step: number; value: number } | undefined
  #reference: number | undefined
  #worse = 0

  constructor({ patience = Number.POSITIVE_INFINITY, minChange = 0, mode = 'min' }: EarlyStoppingOptions = {}) {
    if (!(patience > 0)) {
      throw new HeddleError('config', `EarlyStopping: expected a patience of at least 1, got ${patience}.`)
    }
    if (!(minChange >= 0)) {
      throw new HeddleError('config', `EarlyStopping: expected a minChange of at least 0, got ${minChange}.`)
    }
    this.patience = patience
    this.minChange = minChange
    this.mode = mode
  }

  /** Records the metric of a step; returns whether it is the best so far, which NaN never is. */
  observe(step: number, value: number): boolean {
    const isBetter = !Number.isNaN(value) && (this.#best === undefined || this.#gain(this.#best.value, value) > 0)
    if (isBetter) this.#best = { step, value }
    const hasImproved =
      isBetter && (this.#reference === undefined || this.#gain(this.#reference, value) > this.minChange)
    if (hasImproved) this.#reference = value
    this.#worse = hasImproved ? 0 : this.#worse + 1
    return isBetter
  }

  #gain(before: number, value: number): number {
    // Equal infinities have no difference.
    if (before === value) return 0
    return this.mode === 'min' ? before - value : value - before
  }

  get best(): { readonly step: number; readonly value: number } | undefined {
    return this.#best
  }

  /** Whether the patience is used up. */
  get exhausted(): boolean {
    return this.#worse >= this.patience
  }

  state(): State {
    return { best: this.#best ?? null, reference: this.#reference ?? null, worse: this.#worse }
  }

  restore(state: unknown): void {
    const saved = state as State | null
    const best = saved?.best
    const valid =
      typeof saved?.worse === 'number' &&
      (saved.reference === null || typeof saved.reference === 'number') &&
      (best === null || (typeof best?.step === 'number' && (best.value === null || typeof best.value === 'number')))
    if (!valid) {
      throw new HeddleError('format', `EarlyStopping: expected a state { best, reference, worse }, got ${show(state)}.`)
    }
    // JSON has no infinities; only the worse one can be the best value so far.
    const worst = this.mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.#best = best ? { step: best.step, value: best.value ?? worst } : undefined
    this.#reference = best ? (saved.reference ?? worst) : undefined
    this.#worse = saved.worse
  }
}
