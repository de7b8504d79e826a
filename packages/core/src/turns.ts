import { periodicYield } from './periodic-yield.ts'

/** Work in turns of a few milliseconds each, between which others may work and the caller may stop; it ends with a result. */
export type Turns<T> = Generator<void, T>

/** Does all turns at once. */
export function atOnce<T>(turns: Turns<T>): T {
  for (;;) {
    const { done, value } = turns.next()
    if (done) return value
  }
}

/**
 * Does the turns with waiting events handled in between, about every 50 ms.
 *
 * @throws the reason of `signal` between two turns
 */
export async function inTurns<T>(turns: Turns<T>, signal?: AbortSignal): Promise<T> {
  const yieldNow = periodicYield(signal)
  for (;;) {
    await yieldNow()
    const { done, value } = turns.next()
    if (done) return value
  }
}

/** Maps a list item by item, with waiting events handled in between. See {@link inTurns}. */
export function mapInTurns<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => R,
  signal?: AbortSignal,
): Promise<R[]> {
  return inTurns(mapped(items, map), signal)
}

/** Milliseconds of a turn. */
const TURN = 5

function* mapped<T, R>(items: readonly T[], map: (item: T, index: number) => R): Turns<R[]> {
  const results = new Array<R>(items.length)
  let last = performance.now()
  for (let i = 0; i < items.length; i++) {
    results[i] = map(items[i]!, i)
    const now = performance.now()
    if (now - last < TURN) continue
    yield
    last = performance.now()
  }
  return results
}
