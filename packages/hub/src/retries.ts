import type { Hub } from './hub.ts'
import { HubError } from './hub-error.ts'

/** Milliseconds before the second request; they double with each further one. */
const FIRST_WAIT = 500

/** Decides whether a request that failed is made again, and waits before. */
export class Retries {
  readonly #hub: Hub
  readonly #signal: AbortSignal | undefined
  #failures = 0

  constructor(hub: Hub, signal?: AbortSignal) {
    this.#hub = hub
    this.#signal = signal
  }

  /** Something arrived, so the count begins again. */
  progressed(): void {
    this.#failures = 0
  }

  /** Waits for the next request; throws the error where there shall be none. */
  async after(error: unknown): Promise<void> {
    this.#signal?.throwIfAborted()
    if (!(error instanceof HubError) || !error.isTemporary) throw error
    if (++this.#failures >= this.#hub.attempts) throw error
    const { retryAfter = FIRST_WAIT * 2 ** (this.#failures - 1) } = error
    if (retryAfter > this.#hub.longestWait) throw error
    await this.#hub.wait(retryAfter, this.#signal)
  }
}

/** Repeats a request while its failures may pass. */
export async function withRetries<T>(hub: Hub, signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T> {
  const retries = new Retries(hub, signal)
  for (;;) {
    try {
      return await request()
    } catch (error) {
      await retries.after(error)
    }
  }
}
