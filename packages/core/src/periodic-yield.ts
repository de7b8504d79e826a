import { yieldToEvents } from './yield-to-events.ts'

/**
 * Returns a function that a long loop awaits at every turn. It lets waiting events be handled, at most once every `everyMs`
 * milliseconds, as reading results back on the CPU or WASM never leaves the microtasks. Then it rejects with the reason of `signal`
 * if that has aborted, so that a signal of a timer or of Ctrl-C ends the loop too.
 */
export function periodicYield(signal?: AbortSignal, everyMs = 50): () => Promise<void> {
  let last = performance.now()
  return async () => {
    signal?.throwIfAborted()
    if (performance.now() - last < everyMs) return
    await yieldToEvents()
    last = performance.now()
    signal?.throwIfAborted()
  }
}
