import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

// B rows of the batch, S source positions, V vocabulary

export interface StepResult<S> {
  /** Scores of the next token, [B, V]. */
  readonly logits: tf.Tensor
  readonly state: S
  /** Attention weights of this step over the source, [B, S]. */
  readonly attention?: tf.Tensor
}

/**
 * Anything that predicts the next token from the last one and a state: a recurrent network, a Transformer with its cache.
 *
 * @typeParam S nested arrays and plain objects of tensors; their first axis is the batch unless the model has `select`, and scalars and
 *   other values are constants
 */
export interface StepModel<S> {
  /** @param tokens [B], int32 */
  step(tokens: tf.Tensor, state: S): StepResult<S>

  /**
   * Capability: reads several tokens of each row in one pass, to the same result as one {@link step} after the other.
   *
   * @param ids [B, T], int32
   * @returns logits and attention of the last token, and the state after it
   */
  prefill?(ids: tf.Tensor, state: S): StepResult<S>

  /**
   * Capability: {@link prefill} of an initial state for texts of different lengths, to the results that each row has alone.
   *
   * @param ids [B, T], int32: each row ends with its text; what stands before is of no account
   * @param starts step at which the text of each row begins, [B]
   */
  prefillPadded?(ids: tf.Tensor, starts: Int32Array, state: S): StepResult<S>

  /**
   * Capability: selects rows of a state. Row i of the result is row `rows[i]` of `state`; a row may come several times. Without it, the
   * rows of every tensor are gathered.
   */
  select?(state: S, rows: readonly number[]): S
}

/** Copies nested arrays and plain objects with every tensor changed; other values stay. A shared tensor is changed once. */
export function mapTensors<S>(state: S, change: (tensor: tf.Tensor) => tf.Tensor): S {
  const changed = new Map<tf.Tensor, tf.Tensor>()
  const visit = (value: unknown): unknown => {
    if (value instanceof tf.Tensor) {
      const result = changed.get(value) ?? change(value)
      changed.set(value, result)
      return result
    }
    if (Array.isArray(value)) return value.map(visit)
    if (isPlainObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]))
    return value
  }
  return visit(state) as S
}

/** Returns every tensor of a state once, in order. */
export function tensorsOf(state: unknown): tf.Tensor[] {
  const found = new Set<tf.Tensor>()
  mapTensors(state, (tensor) => {
    found.add(tensor)
    return tensor
  })
  return [...found]
}

/** Selects rows of the state of a model. Reorders beams and leaves out finished rows. */
export function selectState<S>(model: StepModel<S>, state: S, rows: readonly number[]): S {
  return model.select?.(state, rows) ?? gatherState(state, tf.tensor1d(Int32Array.from(rows), 'int32'))
}

/**
 * Gathers rows of every tensor of a state: row i of the result is row `rows[i]` of `state`.
 *
 * @param rows [N], int32
 */
export function gatherState<S>(state: S, rows: tf.Tensor1D): S {
  return mapTensors(state, (tensor) => (tensor.rank === 0 ? tensor : tf.gather(tensor, rows)))
}

/** @throws HeddleError `shape` when the result of a step is not for `rows` rows */
export function checkStep(where: string, { logits, attention }: StepResult<unknown>, rows: number): void {
  if (logits.rank !== 2 || logits.shape[0] !== rows) {
    throw new HeddleError('shape', `${where}: expected step to return logits [${rows}, V], got [${logits.shape}].`)
  }
  if (attention !== undefined && (attention.rank !== 2 || attention.shape[0] !== rows)) {
    throw new HeddleError(
      'shape',
      `${where}: expected step to return attention [${rows}, S], got [${attention.shape}].`,
    )
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
