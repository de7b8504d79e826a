import * as tf from '@tensorflow/tfjs-core'
import { logSumExpRows } from './softmax.ts'
import { checkStep, type StepModel, type StepResult, selectState, tensorsOf } from './step-model.ts'

// R rows of the current batch, S source positions, V vocabulary

/** Results of one step, read back. */
export interface Scores {
  readonly vocabularySize: number
  /** [R, V]; not to be changed. */
  readonly logits: Float32Array
  /** log Σ exp(logits), [R]; a logit less this is a log probability. */
  readonly normalizers: Float32Array
  /** [R, S] */
  readonly attention: Float32Array | undefined
}

/** Number of logits up to which their normalizers are computed on the host. */
const FEW_LOGITS = 2048

/**
 * Steps a model and owns the memory: each state is freed when the next one replaces it. Tensors that the caller gave, or that
 * the model itself keeps, stay: only tensors made in a step are freed.
 */
export class Stepper<S> {
  readonly #where: string
  readonly #model: StepModel<S>
  #state: S
  #own = new Set<tf.Tensor>()

  constructor(where: string, model: StepModel<S>, initialState: S) {
    this.#where = where
    this.#model = model
    this.#state = initialState
  }

  /**
   * Number of tokens of the prompts that can be fed at first: all where the model takes rows of different lengths, else as many as
   * the shortest one has. What longer ones have beyond is read step by step.
   */
  atFirst(prompts: readonly (readonly number[])[]): number {
    const lengths = prompts.map(({ length }) => length)
    return this.#model.prefillPadded === undefined ? Math.min(...lengths) : Math.max(...lengths)
  }

  /**
   * Feeds tokens to each row and reads the results of the last one back in one transfer. A model with `prefill` reads all of them in
   * one pass. Only the first tokens of an initial state may differ in number.
   */
  async step(rows: readonly (readonly number[])[], wantsAttention: boolean): Promise<Scores> {
    const T = rows[0]!.length
    const isPadded = rows.some(({ length }) => length !== T)
    const atOnce = T === 1 || isPadded || this.#model.prefill !== undefined
    for (let t = 0; !atOnce && t < T - 1; t++) {
      tf.tidy(() => void this.#feed(rows.map((row) => [row[t]!])))
    }
    const { logits, normalizers, attention } = tf.tidy(() => {
      const result = this.#feed(atOnce ? rows : rows.map((row) => [row[T - 1]!]))
      return {
        logits: tf.clone(result.logits),
        // A few numbers are summed faster here than by the calls of the backend.
        ...(result.logits.size > FEW_LOGITS && { normalizers: tf.logSumExp(result.logits, -1) }), // [R]
        ...(wantsAttention && result.attention && { attention: tf.clone(result.attention) }),
      } as { logits: tf.Tensor; normalizers?: tf.Tensor; attention?: tf.Tensor }
    })
    try {
      const [a, b, c] = await Promise.all([logits.data(), normalizers?.data(), attention?.data()])
      const V = logits.shape[1]!
      return {
        vocabularySize: V,
        logits: a as Float32Array,
        normalizers: (b ?? logSumExpRows(a as Float32Array, V)) as Float32Array,
        attention: c as Float32Array | undefined,
      }
    } finally {
      tf.dispose([logits, ...(normalizers ? [normalizers] : []), ...(attention ? [attention] : [])])
    }
  }

  #feed(rows: readonly (readonly number[])[]): StepResult<S> {
    const R = rows.length
    const T = Math.max(...rows.map(({ length }) => length))
    const starts = Int32Array.from(rows, ({ length }) => T - length)
    const isPadded = starts.some((start) => start > 0)
    const padded = isPadded ? rows.map((row, i) => [...new Array<number>(starts[i]!).fill(row[0]!), ...row]) : rows
    const tokens = Int32Array.from(padded.flat())
    const ids = T === 1 ? tf.tensor1d(tokens, 'int32') : tf.tensor2d(tokens, [R, T], 'int32')
    const model = this.#model
    const result = isPadded
      ? model.prefillPadded!(ids, starts, this.#state)
      : T === 1
        ? model.step(ids, this.#state)
        : model.prefill!(ids, this.#state)
    checkStep(this.#where, result, R)
    this.#replace(result.state, ids.id)
    return result
  }

  /** Makes row `rows[i]` the new row i. */
  select(rows: readonly number[]): void {
    tf.tidy(() => {
      const first = tf.scalar(0).id
      this.#replace(selectState(this.#model, this.#state, rows), first)
    })
  }

  dispose(): void {
    tf.dispose([...this.#own])
    this.#own.clear()
  }

  /** Takes over the tensors of `state` that were made from tensor number `first` on, and frees those that it replaces. */
  #replace(state: S, first: number): void {
    const tensors = tensorsOf(state)
    const fresh = tensors.filter((tensor) => tensor.id >= first && !tensor.kept && !(tensor instanceof tf.Variable))
    const own = new Set([
      ...fresh.map((tensor) => tf.keep(tensor)),
      ...tensors.filter((tensor) => this.#own.has(tensor)),
    ])
    for (const tensor of this.#own) if (!own.has(tensor)) tensor.dispose()
    this.#own = own
    this.#state = state
  }
}
