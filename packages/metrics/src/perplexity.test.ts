import { describe, expect, it } from 'vitest'
import { bitsPerCharacter, perplexity } from './perplexity.ts'

describe('perplexity', () => {
  it('is the number of equally likely tokens', () => {
    expect(perplexity(12 * Math.log(50), 12)).toBeCloseTo(50, 10)
    expect(perplexity(0, 3)).toBe(1)
  })

  it('refuses log-likelihoods with the wrong sign and counts of nothing', () => {
    expect(() => perplexity(-1, 3)).toThrow('perplexity: expected a negative log-likelihood of at least 0, got -1.')
    expect(() => perplexity(Number.NaN, 3)).toThrow('got NaN')
    expect(() => perplexity(1, 0)).toThrow('expected a count above 0, got 0.')
  })
})

describe('bitsPerCharacter', () => {
  it('turns nats to bits and divides by characters', () => {
    expect(bitsPerCharacter(8 * Math.log(2), 4)).toBeCloseTo(2, 12)
  })
})
