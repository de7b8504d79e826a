import { describe, expect, it } from 'vitest'
import { majorityAccuracy, naiveBayesAccuracy, nearestMeanAccuracy } from './baselines.ts'
import { IGNORED } from './labeled-batch.ts'

const example = (input: number[], label: number) => ({ input, labels: [label] })

describe('majorityAccuracy', () => {
  it('counts the most frequent label of training', () => {
    expect(majorityAccuracy(['a', 'b', 'b', 'c'], ['b', 'a', 'b', 'new'])).toBe(2 / 4)
  })
})

describe('naiveBayesAccuracy', () => {
  const sizes = { vocabSize: 4, numLabels: 2 }

  it('tells classes apart by their tokens', () => {
    const train = [example([0, 0, 2], 0), example([1, 1, 2], 1)]
    expect(naiveBayesAccuracy(train, [example([2, 0], 0), example([1, 2, 2], 1)], sizes)).toBe(1)
  })

  it('is blind to order, and then takes the more frequent class', () => {
    const train = [example([0, 1], 0), example([0, 1], 0), example([1, 0], 1)]
    expect(naiveBayesAccuracy(train, [example([0, 1], 0), example([1, 0], 1)], sizes)).toBe(0.5)
  })

  it('counts labels that training did not meet as errors', () => {
    const train = [example([0, 0], 0), example([1, 1], 1)]
    expect(naiveBayesAccuracy(train, [example([0], 0), example([0], IGNORED)], sizes)).toBe(0.5)
  })

  it('agrees with the probabilities by hand where smoothing decides', () => {
    // P(0) = 2/3 and P(token 3 | 0) = 1/8; P(1) = 1/3 and P(token 3 | 1) = 2/5: 0.083 against 0.133.
    const train = [example([0, 0], 0), example([0, 0], 0), example([3], 1)]
    expect(naiveBayesAccuracy(train, [example([3], 1)], sizes)).toBe(1)
    // With another token on top: 2/3 · 1/8 · 5/8 = 0.052 against 1/3 · 2/5 · 1/5 = 0.027.
    expect(naiveBayesAccuracy(train, [example([3, 0], 0)], sizes)).toBe(1)
  })
})

describe('nearestMeanAccuracy', () => {
  it('gives the label of the nearest mean', () => {
    const train = [example([0, 0], 0), example([2, 0], 0), example([9, 9], 1)]
    const test = [example([1, 1], 0), example([8, 9], 1), example([6, 6], 0)]
    expect(nearestMeanAccuracy(train, test, 2)).toBe(2 / 3)
  })

  it('never gives a label without training examples', () => {
    expect(nearestMeanAccuracy([example([5], 1)], [example([0], 1)], 2)).toBe(1)
  })
})
