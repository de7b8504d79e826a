import { expect, it } from 'vitest'
import { runProgram } from './testing/run-program.ts'

it.each([1, 2])('a full memory refuses tensors and keeps those that it holds, on %i threads', async (threads) => {
  const { lines } = await runProgram('exhaustion', JSON.stringify({ threads }))
  const [attempts, rest] = [lines.slice(0, -4), lines.slice(-4)]
  expect(attempts.length).toBeGreaterThan(12)
  expect(attempts.filter((line) => !line.endsWith(': backend, true'))).toEqual([])
  expect(rest).toEqual(['left behind: 0', 'damaged: 0 of 500', 'still works: 6', 'room again: 524288'])
})
