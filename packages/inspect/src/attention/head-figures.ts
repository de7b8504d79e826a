import type { WeightMatrix } from './attention-heads.ts'

// T queries, S keys

/** Habits of a head, each a mean over its queries. */
export interface HeadFigures {
  /** Entropy of a query's weights, in bits: 0 for one key, log₂ S for all alike. */
  readonly entropy: number
  /** Weight of the first key. */
  readonly first: number
  /** Weight of the last key. */
  readonly last: number
  /** Weighted distance |t - s| between query and key, in tokens; of self-attention. */
  readonly distance?: number
  /** Weight of the key before the query; the first query has none. Of self-attention, as are the next two. */
  readonly previous?: number
  /** Weight of the query's own key. */
  readonly itself?: number
  /** Weight of the key after the query; the last query has none. */
  readonly next?: number
}

/**
 * Habits of a head that can be named: where it looks, and how sharply.
 *
 * @param weights [T, S], each row sums to 1
 * @param isSelf whether queries and keys are the same tokens
 * @see Clark et al. 2019, "What does BERT look at? An analysis of BERT's attention"
 */
export function headFigures(weights: WeightMatrix, isSelf: boolean): HeadFigures {
  const last = (weights[0]?.length ?? 1) - 1
  const common = {
    entropy: meanOf(weights.map(entropyOf)),
    first: meanOf(weights.map((row) => row[0] ?? 0)),
    last: meanOf(weights.map((row) => row[last] ?? 0)),
  }
  if (!isSelf) return common
  return {
    ...common,
    distance: meanOf(weights.map((row, t) => row.reduce((sum, weight, s) => sum + weight * Math.abs(t - s), 0))),
    previous: meanOf(weights.slice(1).map((row, i) => row[i] ?? 0)),
    itself: meanOf(weights.map((row, t) => row[t] ?? 0)),
    next: meanOf(weights.slice(0, -1).map((row, t) => row[t + 1] ?? 0)),
  }
}

const entropyOf = (row: readonly number[]) =>
  row.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log2(weight) : sum), 0)

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
