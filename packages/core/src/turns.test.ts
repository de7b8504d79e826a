import { expect, it } from 'vitest'
import { atOnce, inTurns, mapInTurns, type Turns } from './index.ts'

function* counting(turns: number, onTurn: () => void = () => {}): Turns<string> {
  for (let i = 0; i < turns; i++) {
    onTurn()
    yield
  }
  return 'done'
}

const busy = (ms: number) => {
  for (const until = performance.now() + ms; performance.now() < until; );
}

it('turns have the same result at once and between events', async () => {
  expect(atOnce(counting(3))).toBe('done')
  expect(await inTurns(counting(3))).toBe('done')
  expect(await mapInTurns(['a', 'b'], (text, i) => text + i)).toEqual(['a0', 'b1'])
  expect(await mapInTurns([], () => 1)).toEqual([])
})

it('a signal of a timer ends them between two turns, with its reason', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  let turns = 0
  setTimeout(() => controller.abort(reason), 1)
  await expect(
    inTurns(
      counting(1000, () => {
        turns++
        busy(2)
      }),
      controller.signal,
    ),
  ).rejects.toBe(reason)
  expect(turns).toBeLessThan(1000)
  const second = new AbortController()
  let mapped = 0
  const slow = () => {
    mapped++
    busy(2)
  }
  setTimeout(() => second.abort(reason), 1)
  await expect(mapInTurns(Array(1000).fill(0), slow, second.signal)).rejects.toBe(reason)
  expect(mapped).toBeLessThan(1000)
  await expect(mapInTurns([1], () => 1, AbortSignal.abort(reason))).rejects.toBe(reason)
})
