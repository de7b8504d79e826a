import { describe, expect, it } from 'vitest'
import {
  epsilonCutoff,
  etaCutoff,
  forbidSequences,
  forbidTokensAt,
  forceTokens,
  minP,
  topP,
  typicalP,
} from '../index.ts'

const scores = [3, 2, 1, 0.5, -1, -4]
const context = { history: [7, 8, 9], generated: 1 }
const keptOf = (process: ReturnType<typeof topP>) => {
  const logits = Float32Array.from(scores)
  process(logits, context)
  return [...logits.keys()].filter((token) => logits[token] !== Number.NEGATIVE_INFINITY)
}

describe('minTokensToKeep', () => {
  const makers = { topP: topP, minP, typicalP, epsilonCutoff, etaCutoff }
  it.each(Object.entries(makers))('%s keeps at least that many', (name, make) => {
    const strict = name === 'topP' || name === 'typicalP' ? 0.01 : 0.99
    expect(keptOf(make(strict)).length).toBeLessThan(3)
    for (const minTokensToKeep of [3, 5, 100]) {
      expect(keptOf(make(strict, { minTokensToKeep }))).toHaveLength(Math.min(minTokensToKeep, scores.length))
    }
    expect(() => make(strict, { minTokensToKeep: 0 })).toThrow(`${name}: expected minTokensToKeep to be a whole number`)
  })
})

describe('forbidSequences', () => {
  it('forbids the last token where the others stand before it', () => {
    expect(keptOf(forbidSequences([[0], [8, 9, 1], [9, 8, 2], [1, 7, 8, 9, 3]]))).toEqual([2, 3, 4, 5])
  })

  it('refuses an empty sequence', () => {
    expect(() => forbidSequences([[]])).toThrow('at least one token')
  })
})

describe('forceTokens and forbidTokensAt', () => {
  it('act at their step only', () => {
    expect(keptOf(forceTokens(new Map([[1, [2, 4]]])))).toEqual([2, 4])
    expect(keptOf(forceTokens(new Map([[0, 2]])))).toHaveLength(scores.length)
    expect(keptOf(forbidTokensAt(1, [0]))).toEqual([1, 2, 3, 4, 5])
    expect(keptOf(forbidTokensAt(0, [0]))).toHaveLength(scores.length)
  })
})
