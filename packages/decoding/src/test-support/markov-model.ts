import type { RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import type { StepModel } from '../step-model.ts'

// B rows, V vocabulary

/** The token before the last one: [B], int32. */
export interface MarkovState {
  readonly previous: tf.Tensor
  /** A value that is no tensor, which has to be passed on. */
  readonly note: string
}

/** A second-order Markov chain as a step model: the logits are those of the last two tokens. */
export class MarkovModel implements StepModel<MarkovState> {
  readonly #table: tf.Tensor // [V·V, V]
  readonly V: number
  readonly logits: Float32Array

  /** @param logits [V, V, V]: by the token before the last, the last, the next */
  constructor(logits: Float32Array, V: number) {
    this.V = V
    this.logits = logits
    this.#table = tf.keep(tf.tensor2d(logits, [V * V, V]))
  }

  static random(V: number, rng: RandomStream, spread = 1.5): MarkovModel {
    return new MarkovModel(
      Float32Array.from({ length: V ** 3 }, () => rng.normal(0, spread)),
      V,
    )
  }

  initialState(rows: number): MarkovState {
    return { previous: tf.zeros([rows], 'int32'), note: 'constant' }
  }

  step(tokens: tf.Tensor, { previous, note }: MarkovState) {
    const index = tf.add(tf.mul(previous, this.V), tokens) // [B]
    const logits = tf.gather(this.#table, tf.cast(index, 'int32') as tf.Tensor1D) // [B, V]
    const attention = tf.softmax(tf.slice(logits, [0, 0], [-1, 3])) // [B, 3]
    return { logits, attention, state: { previous: tf.clone(tokens), note } }
  }

  /** log p(next | before, last), computed apart from the step. */
  logProbability(before: number, last: number, next: number): number {
    const row = this.logits.subarray((before * this.V + last) * this.V, (before * this.V + last + 1) * this.V)
    return row[next]! - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0))
  }

  /** Σ log p of `ids` after the start token 0. */
  scoreOf(ids: readonly number[]): number {
    const history = [0, 0, ...ids]
    return ids.reduce((sum, id, i) => sum + this.logProbability(history[i]!, history[i + 1]!, id), 0)
  }

  dispose(): void {
    this.#table.dispose()
  }
}
