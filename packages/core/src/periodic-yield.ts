import { yieldToEvents } from './yield-to-events.ts'

/**
 * Returns a function that lets waiting events be handled, at most once every `everyMs` milliseconds. A long loop awaits it at
 * every turn, as reading results back on the CPU or WASM never leaves the microtasks.
 */
export function periodicYield(everyMs = 50): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < everyMs) return
    await yieldToEvents()
    last = performance.now()
  }
}
