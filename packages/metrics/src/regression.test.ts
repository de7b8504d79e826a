import { describe, expect, it } from 'vitest'
import { meanAbsoluteError, rootMeanSquaredError } from './regression.ts'

describe('the errors of numbers', () => {
  it('are the means of absolute values and of squares', () => {
    const [predictions, references] = [Float32Array.of(2.5, 0, 2, 8), [3, -0.5, 2, 7]]
    expect(meanAbsoluteError(predictions, references)).toBe(0.5)
    expect(rootMeanSquaredError(predictions, references)).toBeCloseTo(Math.sqrt(0.375), 12)
  })

  it('refuse lists of unequal length', () => {
    expect(() => rootMeanSquaredError([1], [])).toThrow(
      'rootMeanSquaredError: expected as many predictions as references, got 1 and 0.',
    )
  })
})
