// Weight of the old rate in the moving average: about the last ten steps count.
const MEMORY = 0.9
// The first step is left out of the estimate, as it allocates memory and compiles kernels; these many more are needed,
// over this time.
const ESTIMATE_STEPS = 3
const ESTIMATE_MS = 1000

/** Measures a run: its rate, the time that has passed, and an estimate of the time that remains. */
export class StepClock {
  #earlierMs = 0
  #startedAt = performance.now()
  /** End of the first step of this process. */
  #first: { readonly step: number; readonly at: number } | undefined
  #stepAt = performance.now()
  #weight = 0
  #ms = 0

  /** Milliseconds of training, in this process and before it. */
  get elapsedMs(): number {
    return Math.round(this.#earlierMs + performance.now() - this.#startedAt)
  }

  /** Counts from now, after `earlierMs` milliseconds of training. */
  start(earlierMs: number): void {
    this.#earlierMs = earlierMs
    this.#startedAt = performance.now()
    this.#first = undefined
  }

  beginStep(): void {
    this.#stepAt = performance.now()
  }

  /**
   * Ends step `step` of `steps`. The rate is that of the steps alone; the estimate counts validations and saving too.
   *
   * @param weight number of tokens, or other items, in the step
   * @returns `remainingMs` is undefined until there is enough to estimate it from
   */
  endStep(
    step: number,
    steps: number,
    weight: number,
  ): { readonly tokensPerSecond: number; readonly remainingMs: number | undefined } {
    const now = performance.now()
    this.#weight = MEMORY * this.#weight + weight
    this.#ms = MEMORY * this.#ms + now - this.#stepAt
    this.#first ??= { step, at: now }
    const measured = { steps: step - this.#first.step, ms: now - this.#first.at }
    const known = step === steps || (measured.steps >= ESTIMATE_STEPS && measured.ms >= ESTIMATE_MS)
    return {
      tokensPerSecond: (1000 * this.#weight) / Math.max(this.#ms, 1e-3),
      remainingMs: known ? Math.round((measured.ms / Math.max(1, measured.steps)) * (steps - step)) : undefined,
    }
  }
}
