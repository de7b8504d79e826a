// How much of the rate is from before: about the last ten steps count.
const MEMORY = 0.9

/** Keeps the time of a run: the rate, what has passed and what remains. */
export class StepClock {
  #earlierMs = 0
  #startedAt = performance.now()
  #startedStep = 0
  #stepAt = performance.now()
  #weight = 0
  #ms = 0

  /** Time of training, in this process and before it. */
  get elapsedMs(): number {
    return Math.round(this.#earlierMs + performance.now() - this.#startedAt)
  }

  /** Time counts from now, after `earlierMs` of training until `step`. */
  start(step: number, earlierMs: number): void {
    this.#earlierMs = earlierMs
    this.#startedStep = step
    this.#startedAt = performance.now()
  }

  beginStep(): void {
    this.#stepAt = performance.now()
  }

  /** Takes the finished step with what its means were over. The rate is of steps alone, the rest of all that takes time. */
  endStep(step: number, steps: number, weight: number): { tokensPerSecond: number; remainingMs: number } {
    const now = performance.now()
    this.#weight = MEMORY * this.#weight + weight
    this.#ms = MEMORY * this.#ms + now - this.#stepAt
    return {
      tokensPerSecond: (1000 * this.#weight) / Math.max(this.#ms, 1e-3),
      remainingMs: Math.round(((now - this.#startedAt) / (step - this.#startedStep)) * (steps - step)),
    }
  }
}
