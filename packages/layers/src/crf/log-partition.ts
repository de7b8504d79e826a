import * as tf from '@tensorflow/tfjs-core'
import { enableGradients, withoutGradient } from '../gradients.ts'

// B batch, T time, C labels

/** The scores of a linear chain of labels. */
export interface ChainScores {
  /** Score of each label at each step, [B, T, C]. */
  readonly scores: tf.Tensor
  /** Score of each label after each other, [C before, C after]. */
  readonly transitions: tf.Tensor
  /** Score of each label at the first step, [C]. */
  readonly start: tf.Tensor
  /** Score of each label at the last step, [C]. */
  readonly end: tf.Tensor
}

/**
 * Logarithm of the sum over all sequences of labels, log Σ_y exp(score(y)), by the forward algorithm. Its gradient comes from the
 * forward-backward algorithm: the derivative by a score is the probability of what has that score.
 *
 * @param lengths number of steps of each sequence, at least 1, [B], int32
 * @returns [B]
 * @see Rabiner 1989, "A tutorial on hidden Markov models", section III
 */
export function logPartition(chain: ChainScores, lengths: tf.Tensor): tf.Tensor {
  enableGradients()
  const forward = withoutGradient(() => forwardSums(chain)) // [B, T, C]
  const compute = tf.customGrad((...inputs) => {
    const [scores, transitions, start, end, sums, save] = inputs as [...Saved, tf.GradSaveFunc]
    save([scores, transitions, start, end, sums])
    return {
      value: total(sums, end, lengths),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradientsOf(dy, saved as Saved, lengths),
    }
  })
  return compute(chain.scores, chain.transitions, chain.start, chain.end, forward)
}

type Saved = [scores: tf.Tensor, transitions: tf.Tensor, start: tf.Tensor, end: tf.Tensor, forward: tf.Tensor]

function gradientsOf(dy: tf.Tensor, saved: Saved, lengths: tf.Tensor): tf.Tensor[] {
  const [scores, transitions, start, end, forward] = saved
  const [B, T, C] = scores.shape as [number, number, number]
  const backward = backwardSums({ scores, transitions, start, end }, lengths) // [B, T, C]
  const mask = stepMask(lengths, T) // [B, T, 1]
  const weight = tf.mul(tf.reshape(dy, [B, 1, 1]), mask) // [B, T, 1]
  // Past the end of a sequence the sums have no meaning, and may be infinite.
  const weighted = (x: tf.Tensor, first: number) => {
    const [isStep, ofSteps] = [mask, weight].map((each) => tf.slice(each, [0, first, 0], [B, T - first, 1]))
    return tf.where(tf.broadcastTo(tf.greater(isStep!, 0), x.shape), tf.mul(x, ofSteps!), tf.zerosLike(x))
  }
  const all = tf.reshape(total(forward, end, lengths), [B, 1, 1])
  const sums = tf.sub(tf.sub(tf.add(forward, backward), scores), all)
  const dScores = weighted(tf.exp(sums), 0)
  const dStart = tf.sum(tf.squeeze(tf.slice(dScores, [0, 0, 0], [B, 1, C]), [1]), 0)
  const last = tf.sub(tf.add(stepAt(forward, lengths), end), tf.reshape(all, [B, 1])) // [B, C]
  const dEnd = tf.sum(tf.mul(tf.exp(last), tf.reshape(dy, [B, 1])), 0)
  return [dScores, tf.mul(tf.exp(transitions), pairs()), dStart, dEnd, tf.zerosLike(forward)]

  /** The probability of each pair of neighbors without the factor of their transition, summed over all pairs, [C, C]. */
  function pairs(): tf.Tensor {
    if (T === 1) return tf.zeros([C, C])
    const before = tf.slice(forward, [0, 0, 0], [B, T - 1, C])
    const after = tf.slice(backward, [0, 1, 0], [B, T - 1, C])
    const scale = tf.max(before, 2, true) // [B, T - 1, 1]
    const left = tf.exp(tf.sub(before, scale))
    const right = tf.exp(tf.sub(tf.add(after, scale), all))
    return tf.matMul(tf.reshape(left, [-1, C]), tf.reshape(weighted(right, 1), [-1, C]), true)
  }
}

/**
 * Probability of each label at each step, over all sequences of labels.
 *
 * @returns [B, T, C]; without meaning past a length
 */
export function marginals(chain: ChainScores, lengths: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const forward = forwardSums(chain)
    const sums = tf.sub(tf.add(forward, backwardSums(chain, lengths)), chain.scores)
    return tf.exp(tf.sub(sums, tf.reshape(total(forward, chain.end, lengths), [-1, 1, 1])))
  })
}

/** sums_t[j] = scores_t[j] + log Σ_i exp(sums_{t-1}[i] + transitions[i, j]), [B, T, C] */
function forwardSums({ scores, transitions, start }: Omit<ChainScores, 'end'>): tf.Tensor {
  const highest = tf.max(transitions)
  const factors = tf.exp(tf.sub(transitions, highest)) as tf.Tensor2D // [C, C]
  const [first, ...others] = tf.unstack(scores, 1) as [tf.Tensor, ...tf.Tensor[]] // [B, C] each
  const sums = [tf.add(first, start)]
  for (const step of others) {
    const before = sums.at(-1)!
    const scale = tf.max(before, 1, true) // [B, 1]
    const reached = tf.matMul(tf.exp(tf.sub(before, scale)) as tf.Tensor2D, factors) // [B, C]
    sums.push(tf.add(tf.add(tf.log(reached), tf.add(scale, highest)), step))
  }
  return tf.stack(sums, 1)
}

/** The same from the end of each sequence: sums_t[i] = scores_t[i] + log Σ_j exp(transitions[i, j] + sums_{t+1}[j]), [B, T, C] */
function backwardSums({ scores, transitions, end }: ChainScores, lengths: tf.Tensor): tf.Tensor {
  const reversed = { scores: reverse(scores, lengths), transitions: tf.transpose(transitions), start: end }
  return reverse(forwardSums(reversed), lengths)
}

/** Turns round the steps of each sequence, and leaves what lies past its length. */
function reverse(x: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
  const T = x.shape[1]!
  const steps = tf.range(0, T, 1, 'int32') // [T]
  const mirrored = tf.cast(tf.sub(tf.sub(tf.reshape(lengths, [-1, 1]), 1), steps), 'int32') // [B, T]
  return rowsAt(x, tf.where(tf.greaterEqual(mirrored, 0), mirrored, tf.broadcastTo(steps, mirrored.shape)))
}

/** Logarithm of the sum over whole sequences, [B]. */
const total = (forward: tf.Tensor, end: tf.Tensor, lengths: tf.Tensor): tf.Tensor =>
  tf.logSumExp(tf.add(stepAt(forward, lengths), end), 1)

/** The last step of each sequence, [B, C]. */
const stepAt = (x: tf.Tensor, lengths: tf.Tensor): tf.Tensor =>
  tf.squeeze(rowsAt(x, tf.sub(tf.reshape(lengths, [-1, 1]), 1)), [1])

/** @param steps [B, S], int32 */
function rowsAt(x: tf.Tensor, steps: tf.Tensor): tf.Tensor {
  const [B, T, C] = x.shape as [number, number, number]
  const firsts = tf.reshape(tf.range(0, B * T, T, 'int32'), [B, 1])
  return tf.gather(tf.reshape(x, [B * T, C]), tf.cast(tf.add(steps, firsts), 'int32')) // [B, S, C]
}

/** 1 for the steps of each sequence, 0 past its length, [B, T, 1]. */
export const stepMask = (lengths: tf.Tensor, T: number): tf.Tensor =>
  tf.expandDims(tf.cast(tf.less(tf.range(0, T, 1, 'int32'), tf.reshape(lengths, [-1, 1])), 'float32'), 2)
