import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { addPathScores, type PathScores, viterbi } from './viterbi.ts'

const C = 3

const draw = (rng: RandomStream, n: number) => Array.from({ length: n }, () => rng.normal(0, 1))

/** The best of all sequences, one by one. */
function bestOfAll(scores: readonly number[][], { transitions, start, end }: PathScores): number[] {
  let [best, highest] = [[] as number[], Number.NEGATIVE_INFINITY]
  for (let code = 0; code < C ** scores.length; code++) {
    const path = scores.map((_, t) => Math.floor(code / C ** t) % C)
    const score = path.reduce(
      (sum, label, t) => sum + scores[t]![label]! + (t > 0 ? transitions[path[t - 1]! * C + label]! : 0),
      start[path[0]!]! + end[path.at(-1)!]!,
    )
    if (score > highest) [best, highest] = [path, score]
  }
  return best
}

describe('viterbi', () => {
  it('finds the best of all sequences', () => {
    const rng = new RandomStream(3)
    for (const T of [1, 2, 5]) {
      const scores = Array.from({ length: T }, () => draw(rng, C))
      const paths = { transitions: draw(rng, C * C), start: draw(rng, C), end: draw(rng, C) }
      expect(viterbi(scores, paths)).toEqual(bestOfAll(scores, paths))
    }
  })

  it('keeps to rules that are added to learned scores', () => {
    const never = Number.NEGATIVE_INFINITY
    const learned = { transitions: [0, 9, 0, 0, 0, 0, 0, 0, 0], start: [0, 0, 0], end: [0, 0, 0] }
    const rules = { transitions: [0, never, 0, 0, 0, 0, 0, 0, 0], start: [0, 0, never], end: [0, 0, 0] }
    const scores = [
      [1, 0, 5],
      [0, 1, 0.5],
    ]
    expect(viterbi(scores, learned)).toEqual([0, 1])
    expect(viterbi(scores, addPathScores(learned, rules))).toEqual([0, 2])
  })

  it('is the best label of each step where nothing else scores, the lower one of equals', () => {
    const none = { transitions: new Float32Array(9), start: [0, 0, 0], end: [0, 0, 0] }
    expect(
      viterbi(
        [
          [1, 3, 3],
          [0, 0, 2],
          [1, 1, 1],
        ],
        none,
      ),
    ).toEqual([1, 2, 0])
    expect(viterbi([], none)).toEqual([])
  })
})
