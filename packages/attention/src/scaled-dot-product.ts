import { HeddleError } from '@heddle/core'
import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { maskBias, pastMask } from './masks.ts'

// B batch, N heads, T queries in time, S keys in time, K size of a query and key, V size of a value

export interface ScaledDotProductOptions {
  /** Whether query t sees only the keys up to t + S - T (default false). */
  readonly causal?: boolean
  /** True at the keys that may be seen, [B, S], bool, as `paddingMask` makes it (default all). */
  readonly keyMask?: tf.Tensor
  /** Factor of the scores (default 1/√K). */
  readonly scale?: number
  /** Whether tensors are [B, N, T, K] (default) or, as a linear map gives them, [B, T, N, K]. */
  readonly headsFirst?: boolean
}

interface Attributes {
  readonly causal: boolean
  readonly scale: number
  readonly headsFirst: boolean
}

type Inputs = { query: tf.Tensor; key: tf.Tensor; value: tf.Tensor; mask?: tf.Tensor }

/**
 * Attention by scaled dot products: softmax(scale·query·keyᵀ)·value, for every head.
 *
 * A query that sees no key gives zero, where PyTorch gives NaN.
 *
 * @param query [B, N, T, K]
 * @param key [B, N, S, K]
 * @param value [B, N, S, V]
 * @returns [B, N, T, V], or [B, T, N, V] where heads are not first
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export function scaledDotProductAttention(
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  options: ScaledDotProductOptions = {},
): tf.Tensor {
  const attributes = checked('scaledDotProductAttention', query, key, value, options)
  const { keyMask: mask } = options
  const inputs: Inputs = { query, key, value, ...(mask && { mask }) }
  return fusedOp('HeddleAttention', inputs, attributes, reference)[0]
}

/**
 * Weights of {@link scaledDotProductAttention}, which itself need not hold them in memory. For plots and tests.
 *
 * @param query [B, N, T, K]
 * @param key [B, N, S, K]
 * @returns [B, N, T, S]
 */
export function scaledDotProductWeights(
  query: tf.Tensor,
  key: tf.Tensor,
  options: ScaledDotProductOptions = {},
): tf.Tensor {
  const attributes = checked('scaledDotProductWeights', query, key, key, options)
  return weightsOf(query, key, options.keyMask, attributes)
}

function reference({ query, key, value, mask }: Inputs, attributes: Attributes): [tf.Tensor] {
  const out = tf.matMul(weightsOf(query, key, mask, attributes), headed(value, attributes)) // [B, N, T, V]
  return [headed(out, attributes)]
}

function weightsOf(query: tf.Tensor, key: tf.Tensor, mask: tf.Tensor | undefined, attributes: Attributes): tf.Tensor {
  const [q, k] = [headed(query, attributes), headed(key, attributes)]
  const scores = tf.mul(tf.matMul(q, k, false, true), attributes.scale) // [B, N, T, S]
  const visible = visibleKeys(q.shape[2]!, k.shape[2]!, mask, attributes.causal)
  if (visible === undefined) return tf.softmax(scores)
  const weights = tf.softmax(tf.add(scores, maskBias(visible)))
  return tf.mul(weights, tf.cast(visible, 'float32')) // all 0 without a visible key
}

/** Swaps [B, T, N, K] and [B, N, T, K]. */
function headed(x: tf.Tensor, { headsFirst }: Attributes): tf.Tensor {
  return headsFirst ? x : tf.transpose(x, [0, 2, 1, 3])
}

/** Mask of the visible keys, [B or 1, 1, T or 1, S], bool; undefined for all. */
function visibleKeys(T: number, S: number, mask: tf.Tensor | undefined, causal: boolean): tf.Tensor | undefined {
  const unhidden = mask && tf.reshape(mask, [-1, 1, 1, S])
  if (!causal) return unhidden
  const past = tf.reshape(pastMask(T, S), [1, 1, T, S])
  return unhidden === undefined ? past : tf.logicalAnd(unhidden, past)
}

function checked(
  where: string,
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  { causal = false, keyMask, scale, headsFirst = true }: ScaledDotProductOptions,
): Attributes {
  const [time, head] = headsFirst ? [2, 1] : [1, 2]
  const [B, K] = [query.shape[0], query.shape[3]]
  const S = key.shape[time]
  const fits =
    [query, key, value].every(({ rank }) => rank === 4) &&
    [key, value].every(({ shape }) => shape[0] === B && shape[head] === query.shape[head] && shape[time] === S) &&
    key.shape[3] === K
  if (!fits) {
    const axes = headsFirst ? ['B, N, T, K', 'B, N, S, K', 'B, N, S, V'] : ['B, T, N, K', 'B, S, N, K', 'B, S, N, V']
    throw new HeddleError(
      'shape',
      `${where}: expected query [${axes[0]}], key [${axes[1]}] and value [${axes[2]}], got [${query.shape}], [${key.shape}] and [${value.shape}].`,
    )
  }
  if (keyMask !== undefined && (keyMask.dtype !== 'bool' || `${keyMask.shape}` !== `${[B, S]}`)) {
    throw new HeddleError(
      'shape',
      `${where}: expected keyMask bool [${B}, ${S}], got ${keyMask.dtype} [${keyMask.shape}]. Make it with paddingMask.`,
    )
  }
  if (scale !== undefined && !(scale > 0)) {
    throw new HeddleError('usage', `${where}: expected a scale above 0, got ${scale}.`)
  }
  return { causal, headsFirst, scale: scale ?? 1 / Math.sqrt(Math.max(1, K!)) }
}
