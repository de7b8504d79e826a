import { isHeddleError } from '@heddle/core'
import type { RunStore } from '@heddle/trainer'

const RETRY_MS = 200
/** The file by which a folder says who writes to it. */
export const LOCK = 'run.lock'

/**
 * Claims the folder of a trial. A trial belongs to one process at a time, so whoever still has the folder is about to end, or was
 * lost on another machine: it is waited for, and then its claim is removed. Should it still run, it ends at its next write.
 *
 * @returns the function that ends the claim; 'aborted' when the signal came first
 */
export async function claimRun(
  store: RunStore,
  signal: AbortSignal,
  patienceMs = 60_000,
): Promise<(() => Promise<void>) | 'aborted'> {
  const started = performance.now()
  while (!signal.aborted) {
    try {
      return (await store.lock?.()) ?? (async () => {})
    } catch (error) {
      if (!isHeddleError(error) || (await store.read(LOCK)) === undefined) throw error
      if (performance.now() - started >= patienceMs) await store.remove(LOCK)
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
  return 'aborted'
}
