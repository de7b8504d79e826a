// T time, C labels

/** Scores of sequences of labels besides those of their steps. A score of -Infinity rules a label or a transition out. */
export interface PathScores {
  /** Score of each label after each other, [C before, C after], row by row. */
  readonly transitions: ArrayLike<number>
  /** Score of each label at the first step, [C]. */
  readonly start: ArrayLike<number>
  /** Score of each label at the last step, [C]. */
  readonly end: ArrayLike<number>
}

/**
 * Finds the sequence of labels with the highest score: start[y_1] + Σ_t scores_t[y_t] + Σ_t transitions[y_{t-1}, y_t] + end[y_T]. Of
 * equal ones it takes the lower label.
 *
 * @param scores the score of each label at each step, T rows of [C]
 * @returns T labels
 * @see Viterbi 1967, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm"
 */
export function viterbi(scores: readonly ArrayLike<number>[], { transitions, start, end }: PathScores): number[] {
  const [T, C] = [scores.length, start.length]
  if (T === 0) return []
  const from = new Int32Array(T * C)
  let best = Float64Array.from(start, (score, label) => score + scores[0]![label]!)
  for (let t = 1; t < T; t++) {
    const next = new Float64Array(C).fill(Number.NEGATIVE_INFINITY)
    for (let label = 0; label < C; label++) {
      for (let before = 0; before < C; before++) {
        const score = best[before]! + transitions[before * C + label]!
        if (score > next[label]!) {
          next[label] = score
          from[t * C + label] = before
        }
      }
      next[label]! += scores[t]![label]!
    }
    best = next
  }
  let label = 0
  let highest = Number.NEGATIVE_INFINITY
  for (let last = 0; last < C; last++) {
    const score = best[last]! + end[last]!
    if (score > highest) [label, highest] = [last, score]
  }
  const path = [label]
  for (let t = T - 1; t > 0; t--) path.push((label = from[t * C + label]!))
  return path.reverse()
}

/** The sum of two kinds of scores, such as learned ones and a rule. */
export function addPathScores(a: PathScores, b: PathScores): PathScores {
  const sum = (x: ArrayLike<number>, y: ArrayLike<number>) => Float64Array.from(x, (value, i) => value + y[i]!)
  return { transitions: sum(a.transitions, b.transitions), start: sum(a.start, b.start), end: sum(a.end, b.end) }
}
