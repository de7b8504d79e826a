import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { attentionFlow } from './attention-flow.ts'
import { attentionRollout, meanWeights, withResidual } from './rollout.ts'

// Two tokens, two layers. With residual connections: lower [[0.75, 0.25], [0.5, 0.5]], upper [[0.5, 0.5], [0.1, 0.9]].
const lower = [
  [0.5, 0.5],
  [1, 0],
]
const upper = [
  [0, 1],
  [0.2, 0.8],
]

describe('attentionRollout', () => {
  it('multiplies the layers, each half residual connection', () => {
    const rollout = attentionRollout([lower, upper])
    const byHand = [
      [0.5 * 0.75 + 0.5 * 0.5, 0.5 * 0.25 + 0.5 * 0.5],
      [0.1 * 0.75 + 0.9 * 0.5, 0.1 * 0.25 + 0.9 * 0.5],
    ]
    for (const [t, row] of byHand.entries())
      for (const [s, value] of row.entries()) expect(rollout[t]![s]).toBeCloseTo(value, 12)
  })

  it('of one layer is that layer with its residual connection', () => {
    expect(attentionRollout([lower])).toEqual([
      [0.75, 0.25],
      [0.5, 0.5],
    ])
  })
})

describe('attentionFlow', () => {
  it('is the maximum flow from each output to each input, as shares of the output', () => {
    // From token 0 to input 0: through token 0 min(0.5, 0.75), through token 1 min(0.5, 0.5); to input 1: 0.25 + 0.5.
    // From token 1 to input 0: min(0.1, 0.75) + min(0.9, 0.5); to input 1: min(0.1, 0.25) + min(0.9, 0.5).
    const [first, second] = attentionFlow([lower, upper])
    expect(first![0]).toBeCloseTo(1 / 1.75, 12)
    expect(first![1]).toBeCloseTo(0.75 / 1.75, 12)
    expect(second![0]).toBeCloseTo(0.5, 12)
    expect(second![1]).toBeCloseTo(0.5, 12)
  })

  it('equals the smallest cut, over layers where shortest paths alone block each other', () => {
    const rng = new RandomStream(5)
    const layers = Array.from({ length: 3 }, () => randomShares(rng, 3))
    const flow = attentionFlow(layers)
    for (let from = 0; from < 3; from++) {
      const cuts = [0, 1, 2].map((to) => smallestCut(layers.map(withResidual), from, to))
      const total = cuts.reduce((sum, cut) => sum + cut, 0)
      for (let to = 0; to < 3; to++) expect(flow[from]![to]).toBeCloseTo(cuts[to]! / total, 9)
    }
  })
})

/** A matrix whose rows sum to 1, with large and small shares. */
const randomShares = (rng: RandomStream, T: number) =>
  Array.from({ length: T }, () => {
    const row = Array.from({ length: T }, () => rng.uniform() ** 3)
    const sum = row.reduce((total, value) => total + value, 0)
    return row.map((value) => value / sum)
  })

/** Least capacity that separates token `from` above from token `to` below, among all ways to divide the tokens between. */
function smallestCut(layers: readonly number[][][], from: number, to: number): number {
  const [L, T] = [layers.length, layers[0]!.length]
  const inner = (L - 1) * T
  let least = Number.POSITIVE_INFINITY
  for (let side = 0; side < 2 ** inner; side++) {
    // Tokens of the top and the bottom that are neither source nor target stand where they cost nothing.
    const isAbove = (level: number, t: number) =>
      level === L ? t === from : level === 0 ? t !== to : ((side >> ((level - 1) * T + t)) & 1) === 1
    let cut = 0
    for (const [l, weights] of layers.entries()) {
      for (const [t, row] of weights.entries()) {
        if (!isAbove(l + 1, t)) continue
        for (const [s, weight] of row.entries()) if (!isAbove(l, s)) cut += weight
      }
    }
    least = Math.min(least, cut)
  }
  return least
}

it('meanWeights is the mean of each element', () => {
  expect(meanWeights([lower, upper])).toEqual([
    [0.25, 0.75],
    [0.6, 0.4],
  ])
})
