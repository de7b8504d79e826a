import { HeddleError } from '@heddle/core'
import { type Dropout, fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { repeatHeads, swapHeads } from './heads.ts'
import { combineMasks, maskBias, pastMask, windowMask } from './masks.ts'
import { spreadDistances } from './positions/distances.ts'
import { windowAttention } from './window-attention.ts'

// B batch, N heads, G key-value heads, T queries in time, S keys in time, K size of a query and key, V size of a value

export interface ScaledDotProductOptions {
  /** Whether query t sees only the keys up to t + S - T (default false). */
  readonly causal?: boolean
  /** Number of keys that a causal query sees, its own included (default all). */
  readonly window?: number | undefined
  /** True at the keys that may be seen, [B, S], bool, as `paddingMask` makes it (default all). */
  readonly keyMask?: tf.Tensor | undefined
  /** Added to the scores: a tensor that broadcasts to [B, N, T, S]. */
  readonly bias?: tf.Tensor | undefined
  /** Added to the scores by distance, [N, T + S - 1]: number T - 1 + s - t to that of query t and key s. */
  readonly distanceBias?: tf.Tensor | undefined
  /** Factor of the scores (default 1/√K). */
  readonly scale?: number | undefined
  /** Whether tensors are [B, N, T, K] (default) or, as a linear map gives them, [B, T, N, K]. */
  readonly headsFirst?: boolean
  /** Dropout of the weights. */
  readonly dropout?: Dropout | undefined
}

interface Attributes {
  readonly causal: boolean
  readonly window?: number
  readonly scale: number
  readonly headsFirst: boolean
  /** Whether the reference makes the same operations for inputs of every size. */
  readonly anySize?: boolean
}

type Inputs = { query: tf.Tensor; key: tf.Tensor; value: tf.Tensor; mask?: tf.Tensor; distances?: tf.Tensor }

/** Masks and bias of one call. */
interface Visibility {
  readonly causal: boolean
  readonly window?: number | undefined
  readonly mask?: tf.Tensor | undefined
  readonly bias?: tf.Tensor | undefined
  readonly distances?: tf.Tensor | undefined
}

/**
 * Attention by scaled dot products: softmax(scale·query·keyᵀ + bias)·value, for every head. N / G query heads in a row share one
 * head of keys and values: grouped-query attention, and multi-query attention with G = 1.
 *
 * A query that sees no key gives zero, where PyTorch gives NaN. Without a `bias` and dropout, one fused op computes it where the
 * backend has one, without the weights [T, S] in memory; a window costs T·window, not T·S.
 *
 * @param query [B, N, T, K]
 * @param key [B, G, S, K]
 * @param value [B, G, S, V]
 * @returns [B, N, T, V], or [B, T, N, V] where heads are not first
 * @see Vaswani et al. 2017, "Attention is all you need"; Ainslie et al. 2023, "GQA: training generalized multi-query Transformer
 * models from multi-head checkpoints"
 */
export function scaledDotProductAttention(
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  options: ScaledDotProductOptions = {},
): tf.Tensor {
  const attributes = checked('scaledDotProductAttention', query, key, value, options)
  const { keyMask: mask, bias, distanceBias: distances, dropout } = options
  const { headsFirst, scale, causal, window } = attributes
  if (bias === undefined && !(dropout?.training === true && dropout.rate > 0)) {
    const inputs: Inputs = { query, key, value, ...(mask && { mask }), ...(distances && { distances }) }
    return fusedOp('HeddleAttention', inputs, attributes, reference)[0]
  }
  const [q, k, v] = heads([query, key, value], headsFirst)
  const out = weightedSum(q, k, v, scale, { causal, window, mask, bias, distances }, dropout)
  return headsFirst ? out : swapHeads(out)
}

/** Queries [B, N, T, K], then keys and values [B, N, S, K], all with heads first and as many of them. */
function heads(tensors: readonly [tf.Tensor, ...tf.Tensor[]], headsFirst: boolean): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const head = headsFirst ? 1 : 2
  const N = tensors[0].shape[head]!
  return tensors.map((x) => {
    const repeated = repeatHeads(x, N / x.shape[head]!, headsFirst)
    return headsFirst ? repeated : swapHeads(repeated)
  }) as [tf.Tensor, tf.Tensor, tf.Tensor]
}

/**
 * Weights of {@link scaledDotProductAttention}, which itself need not hold them in memory. For plots and tests.
 *
 * @param query [B, N, T, K]
 * @param key [B, G, S, K]
 * @returns [B, N, T, S]
 */
export function scaledDotProductWeights(
  query: tf.Tensor,
  key: tf.Tensor,
  options: ScaledDotProductOptions = {},
): tf.Tensor {
  const { headsFirst, scale, causal, window } = checked('scaledDotProductWeights', query, key, key, options)
  const [q, k] = heads([query, key], headsFirst)
  const { keyMask: mask, bias, distanceBias: distances } = options
  return weightsOf(q, k, scale, { causal, window, mask, bias, distances })
}

function reference({ query, key, value, mask, distances }: Inputs, attributes: Attributes): [tf.Tensor] {
  const { headsFirst, scale, causal, window, anySize = false } = attributes
  const [q, k, v] = heads([query, key, value], headsFirst)
  const [T, S] = [q.shape[2]!, k.shape[2]!]
  const out =
    window !== undefined && T === S && S > 2 * window && distances === undefined && !anySize
      ? windowAttention(q, k, v, { window, scale, mask })
      : weightedSum(q, k, v, scale, { causal, window, mask, distances }) // [B, N, T, V]
  return [headsFirst ? out : swapHeads(out)]
}

function weightedSum(
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  scale: number,
  visibility: Visibility,
  dropout?: Dropout,
): tf.Tensor {
  const weights = weightsOf(query, key, scale, visibility)
  return tf.matMul(dropout === undefined ? weights : dropout.forward(weights), value) // [B, N, T, V]
}

/** @returns [B, N, T, S] */
function weightsOf(query: tf.Tensor, key: tf.Tensor, scale: number, visibility: Visibility): tf.Tensor {
  const [T, S] = [query.shape[2]!, key.shape[2]!]
  const { bias, distances } = visibility
  let scores: tf.Tensor = tf.mul(tf.matMul(query, key, false, true), scale) // [B, N, T, S]
  if (bias !== undefined) scores = tf.add(scores, bias)
  if (distances !== undefined) scores = tf.add(scores, spreadDistances(distances, T, S))
  const visible = visibleKeys(T, S, visibility)
  if (visible === undefined) return tf.softmax(scores)
  const weights = tf.softmax(tf.add(scores, maskBias(visible)))
  return tf.mul(weights, tf.cast(visible, 'float32')) // all 0 without a visible key
}

/** Mask of the visible keys, [B or 1, 1, T or 1, S], bool; undefined for all. */
function visibleKeys(T: number, S: number, { causal, window, mask }: Visibility): tf.Tensor | undefined {
  const unhidden = mask && tf.reshape(mask, [-1, 1, 1, S])
  if (!causal) return unhidden
  const past = tf.reshape(window === undefined ? pastMask(T, S) : windowMask(T, window, S), [1, 1, T, S])
  return unhidden === undefined ? past : combineMasks(unhidden, past)
}

function checked(
  where: string,
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  { causal = false, window, keyMask, bias, distanceBias, scale, headsFirst = true }: ScaledDotProductOptions,
): Attributes {
  const [time, head] = headsFirst ? [2, 1] : [1, 2]
  const [B, K] = [query.shape[0], query.shape[3]]
  const [T, S, N, G] = [query.shape[time], key.shape[time], query.shape[head]!, key.shape[head]!]
  const fits =
    [query, key, value].every(({ rank }) => rank === 4) &&
    [key, value].every(({ shape }) => shape[0] === B && shape[head] === G && shape[time] === S) &&
    key.shape[3] === K &&
    G > 0 &&
    N % G === 0
  if (!fits) {
    const axes = headsFirst ? ['B, N, T, K', 'B, G, S, K', 'B, G, S, V'] : ['B, T, N, K', 'B, S, G, K', 'B, S, G, V']
    throw new HeddleError(
      'shape',
      `${where}: expected query [${axes[0]}], key [${axes[1]}] and value [${axes[2]}] with N a multiple of G, got [${query.shape}], [${key.shape}] and [${value.shape}].`,
    )
  }
  if (keyMask !== undefined && (keyMask.dtype !== 'bool' || `${keyMask.shape}` !== `${[B, S]}`)) {
    throw new HeddleError(
      'shape',
      `${where}: expected keyMask bool [${B}, ${S}], got ${keyMask.dtype} [${keyMask.shape}]. Make it with paddingMask.`,
    )
  }
  if (bias !== undefined) {
    const full = [B, N, T, S]
    if (bias.rank !== 4 || bias.shape.some((size, axis) => size !== 1 && size !== full[axis])) {
      throw new HeddleError(
        'shape',
        `${where}: expected a bias that broadcasts to [${full}], got [${bias.shape}]. Give it four axes, each of that size or 1.`,
      )
    }
  }
  if (distanceBias !== undefined && `${distanceBias.shape}` !== `${[N, Math.max(0, T! + S! - 1)]}`) {
    throw new HeddleError(
      'shape',
      `${where}: expected distanceBias [${N}, ${T! + S! - 1}], a number for each head and distance, got [${distanceBias.shape}].`,
    )
  }
  if (scale !== undefined && !(scale > 0)) {
    throw new HeddleError('usage', `${where}: expected a scale above 0, got ${scale}.`)
  }
  if (window !== undefined && !(causal && Number.isInteger(window) && window >= 1)) {
    throw new HeddleError(
      'usage',
      `${where}: expected causal attention with a window of at least 1, got window ${window} and causal ${causal}.`,
    )
  }
  return { causal, headsFirst, scale: scale ?? 1 / Math.sqrt(Math.max(1, K!)), ...(window !== undefined && { window }) }
}
