import { expect, it } from 'vitest'
import { periodicYield } from './index.ts'

/** Turns a loop for `ms` milliseconds; returns the turns after which a waiting event was handled. */
async function turnsOf(yieldNow: () => Promise<void>, ms: number): Promise<{ turns: number; events: number }> {
  let events = 0
  const again = () => {
    events++
    handle = setImmediate(again)
  }
  let handle = setImmediate(again)
  let turns = 0
  for (const until = performance.now() + ms; performance.now() < until; turns++) await yieldNow()
  clearImmediate(handle)
  return { turns, events }
}

it('lets events be handled, but not at every turn', async () => {
  const { turns, events } = await turnsOf(periodicYield(undefined, 5), 60)
  expect(events).toBeGreaterThan(1)
  expect(events).toBeLessThanOrEqual(14)
  expect(turns).toBeGreaterThan(10 * events)
})

it('does nothing before its time', async () => {
  expect((await turnsOf(periodicYield(undefined, 10_000), 20)).events).toBe(0)
})

it('ends a loop that never leaves the microtasks with the reason of a signal, also one that a timer aborts', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 10)
  const yieldNow = periodicYield(controller.signal, 5)
  const forever = async () => {
    for (;;) await yieldNow()
  }
  await expect(forever()).rejects.toBe(reason)
  await expect(periodicYield(AbortSignal.abort(), 10_000)()).rejects.toThrow('aborted')
})
