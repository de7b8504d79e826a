import { expect, test } from 'vitest'
import { measurement, median, timeRuns } from './measure.ts'

test('the median is the middle of the sorted times', () => {
  expect(median([5, 1, 9])).toBe(5)
  expect(median([])).toBeNaN()
})

test('a measurement gives tokens per second of the median run', () => {
  expect(measurement('heddle', 'w', 2, 100, [10, 20, 40])).toEqual({
    peer: 'heddle',
    workload: 'w',
    threads: 2,
    ms: 20,
    tokens_per_s: 5000,
    runs: 3,
  })
})

test('runs are timed until the time is over and there are enough of them', async () => {
  let runs = 0
  const times = await timeRuns({ tokens: 1, run: () => void runs++ }, 0, 4)
  expect(times.length).toBe(4)
  expect(runs).toBe(4)
})
