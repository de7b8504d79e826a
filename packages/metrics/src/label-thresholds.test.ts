import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { labelSetF1 } from './label-sets.ts'
import { bestLabelThresholds } from './label-thresholds.ts'

const LABELS = ['a', 'b', 'c']

/** Random decisions with ties, whose labels are more probable where they are right. */
function sample(seed: number, examples: number) {
  const rng = new RandomStream(seed)
  const references = Array.from({ length: examples }, () => LABELS.filter(() => rng.uniform() < 0.35))
  const probabilities = references.map((right) =>
    LABELS.map((label, c) => Math.round(8 * Math.min(1, rng.uniform() + (right.includes(label) ? 0.3 : 0.1 * c))) / 8),
  )
  return { references, probabilities }
}

const predictedBy = (probabilities: readonly (readonly number[])[], thresholds: readonly number[]) =>
  probabilities.map((row) => LABELS.filter((_, c) => row[c]! >= thresholds[c]!))

/** Every threshold that decides differently, by trying all. */
const CANDIDATES = Array.from({ length: 10 }, (_, i) => (i - 0.5) / 8)

describe('bestLabelThresholds', () => {
  const f1 = (
    thresholds: readonly number[],
    { references, probabilities }: ReturnType<typeof sample>,
    average: 'micro' | 'macro',
  ) => labelSetF1(predictedBy(probabilities, thresholds), references)[average].f1

  it.each(['micro', 'macro'] as const)('one for all: no other one has a higher %s-averaged F1', (average) => {
    for (let seed = 1; seed <= 20; seed++) {
      const data = sample(seed, 12)
      const thresholds = bestLabelThresholds(data.probabilities, data.references, LABELS, { average })
      expect(new Set(thresholds).size).toBe(1)
      const highest = Math.max(...CANDIDATES.map((t) => f1([t, t, t], data, average)))
      expect(f1(thresholds, data, average)).toBeCloseTo(highest, 12)
    }
  })

  it.each(['micro', 'macro'] as const)('by label: no others have a higher %s-averaged F1', (average) => {
    let gained = 0
    for (let seed = 1; seed <= 20; seed++) {
      const data = sample(seed, 12)
      const thresholds = bestLabelThresholds(data.probabilities, data.references, LABELS, { average, byLabel: true })
      const all = CANDIDATES.flatMap((a) => CANDIDATES.flatMap((b) => CANDIDATES.map((c) => [a, b, c])))
      const highest = Math.max(...all.map((each) => f1(each, data, average)))
      expect(f1(thresholds, data, average)).toBeCloseTo(highest, 12)
      const shared = bestLabelThresholds(data.probabilities, data.references, LABELS, { average })
      if (highest > f1(shared, data, average) + 1e-9) gained++
    }
    expect(gained).toBeGreaterThan(10)
  })

  it('lies between the scores that it separates, nearest to 0.5 where several are as good', () => {
    expect(bestLabelThresholds([[0.4], [0.2]], [['a'], []], ['a'])[0]).toBeCloseTo(0.3, 12)
    expect(bestLabelThresholds([[0.9], [0.6], [0.1]], [['a'], ['a'], []], ['a'])[0]).toBeCloseTo(0.35, 12)
    // One right label of two, or both with two wrong ones: F1 is 2/3 either way.
    const tie = [[0.9], [0.8], [0.6], [0.4], [0.1]]
    expect(bestLabelThresholds(tie, [['a'], [], [], ['a'], []], ['a'])[0]).toBeCloseTo(0.25, 12)
    expect(bestLabelThresholds([[1], [1]], [[], []], ['a'])).toEqual([0.5])
  })

  it('counts right labels that have no probability as not found', () => {
    const probabilities = [[0.9], [0.8], [0.7], [0.6], [0.5]]
    const thresholdWith = (...unknown: string[]) =>
      bestLabelThresholds(probabilities, [['a', ...unknown], [], [], [], ['a']], ['a'])[0]
    expect(thresholdWith()).toBeCloseTo(0.85, 12)
    // Where much is missing already, wrong ones cost less than a right one gains.
    expect(thresholdWith(...Array.from({ length: 20 }, (_, i) => `x${i}`))).toBeCloseTo(0.25, 12)
  })

  it('by label: predicts a label never where that is best, and one without an example from the shared threshold on', () => {
    const labels = ['a', 'b', 'c']
    const probabilities = [0.9, 0.8, 0.7, 0.6, 0.5, 0.1].map((b, i) => [i < 3 ? 0.8 : 0.2, b, 0.9])
    const references = probabilities.map((_, i) => (i < 3 ? ['a'] : i === 5 ? ['b'] : []))
    const [a, b, c] = bestLabelThresholds(probabilities, references, labels, { byLabel: true })
    expect([a, b]).toEqual([0.5, 0.95])
    expect(c).toBe(bestLabelThresholds(probabilities, references, labels)[0])
  })

  it('refuses rows without the probability of a label', () => {
    expect(() => bestLabelThresholds([[0.1]], [['a']], ['a', 'b'])).toThrow('each of 2 labels, got 1')
  })
})
