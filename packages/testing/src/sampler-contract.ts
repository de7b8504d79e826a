import { RandomStream } from '@heddle/core'
import type { Sampler } from '@heddle/decoding'
import { describe, expect, it } from 'vitest'

// V vocabulary

export interface SamplerContract {
  /** Makes the sampler of one row. @param rng the row's own stream */
  readonly make: (rng: RandomStream) => Sampler
}

const V = 20
const DRAWS = 200

/** Tests that every sampler has to pass. */
export function samplerContract(name: string, { make }: SamplerContract): void {
  describe(`${name} keeps the contract of samplers:`, () => {
    it('it chooses tokens of the vocabulary', () => {
      for (const token of draws(make(new RandomStream(1)), normalRow)) {
        expect(Number.isInteger(token) && token >= 0 && token < V, `token ${token}`).toBe(true)
      }
    })

    it('it never chooses a forbidden token, whose logit is -Infinity', () => {
      const allowed = new Set([2, 3, 11, 19])
      const row = (rng: RandomStream) =>
        normalRow(rng).map((logit, token) => (allowed.has(token) ? logit : Number.NEGATIVE_INFINITY))
      for (const token of draws(make(new RandomStream(2)), row)) expect(allowed).toContain(token)
    })

    it('it chooses the only token that is allowed, and one that is certain', () => {
      for (const rest of [Number.NEGATIVE_INFINITY, -1e4]) {
        const row = () => new Float32Array(V).fill(rest).fill(0.5, 7, 8)
        expect(new Set(draws(make(new RandomStream(3)), row))).toEqual(new Set([7]))
      }
    })

    it('the same stream gives the same tokens', () => {
      const [first, second] = [1, 2].map(() => draws(make(new RandomStream(4)), normalRow))
      expect(second).toEqual(first)
    })

    it('it also serves logits that are large, equal or of both signs of zero', () => {
      for (const row of [() => new Float32Array(V).fill(1e30), () => new Float32Array(V).fill(-1e30), signedZeros]) {
        for (const token of draws(make(new RandomStream(5)), row)) {
          expect(Number.isInteger(token) && token >= 0 && token < V, `token ${token}`).toBe(true)
        }
      }
    })
  })
}

const normalRow = (rng: RandomStream) => Float32Array.from({ length: V }, () => rng.normal(0, 2))
const signedZeros = () => Float32Array.from({ length: V }, (_, i) => (i % 2 === 0 ? 0 : -0))

/** Tokens that a sampler chooses one after the other, each from a new row [V]. */
function draws(sampler: Sampler, row: (rng: RandomStream) => Float32Array): number[] {
  const rng = new RandomStream(6)
  const history = [0, 1]
  for (let generated = 0; generated < DRAWS; generated++) {
    history.push(sampler.choose(row(rng), { history, generated }))
  }
  return history.slice(2)
}
