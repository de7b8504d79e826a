import { expect, test } from 'vitest'
import { largestDifference } from './ort.ts'

test('the largest difference is that of all outputs', () => {
  expect(largestDifference({ a: [1, 2], b: [3] }, { a: [1, 2.5], b: [2], c: [9] })).toBe(1)
  expect(largestDifference({ a: [1, 2] }, { a: [1, 2] })).toBe(0)
})

test.each([{}, { a: [1] }, { a: [1, Number.NaN] }])('%j does not compare with two numbers', (got) => {
  expect(largestDifference({ a: [1, 2] }, got)).toBe(Infinity)
})
