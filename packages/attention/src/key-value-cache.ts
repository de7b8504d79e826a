import * as tf from '@tensorflow/tfjs-core'
import { maskBias, startMask, windowMask } from './masks.ts'

// B batch, G key-value heads, N heads, T new steps, S cached steps, K size of a query and key, V size of a value

/**
 * Keys and values of the steps read so far, in chunks from old to new. Plain data with the batch first, so that beam search can
 * reorder it. A step makes a new cache and shares the old one's chunks.
 */
export interface KeyValueCache {
  /** Each [B, G, S, K]. */
  readonly keys: readonly tf.Tensor[]
  /** Each [B, G, S, V]. */
  readonly values: readonly tf.Tensor[]
  /** Number of steps read, including those that a window has left behind. */
  readonly length: number
  /** First step of each row, [B]; the steps before it are padding. All rows begin with the first step when missing. */
  readonly starts?: Int32Array
}

export const emptyCache: KeyValueCache = { keys: [], values: [], length: 0 }

/** A chunk grows by copying up to this number of steps. */
const SMALLEST_CHUNK = 32

/**
 * A cache with T steps more. The last chunk is copied while it is small; larger ones are joined when they have the same size, so
 * that each step is copied O(log S) times in all, and there are O(log S) chunks.
 *
 * @param key [B, G, T, K]
 * @param value [B, G, T, V]
 * @param window chunks that are too old for a later query to see are dropped (default: none)
 */
export function extendCache(cache: KeyValueCache, key: tf.Tensor, value: tf.Tensor, window?: number): KeyValueCache {
  const keys = [...cache.keys, key]
  const values = [...cache.values, value]
  while (keys.length > 1) {
    const [older, last] = [sizeOf(keys.at(-2)!), sizeOf(keys.at(-1)!)]
    if (older >= SMALLEST_CHUNK && last < older) break
    for (const chunks of [keys, values]) chunks.push(tf.concat(chunks.splice(-2), 2))
  }
  if (window !== undefined) {
    let steps = keys.reduce((sum, chunk) => sum + sizeOf(chunk), 0)
    // The first of the T new queries sees window - 1 steps before itself.
    const needed = window - 1 + sizeOf(key)
    while (steps - sizeOf(keys[0]!) >= needed) {
      steps -= sizeOf(keys.shift()!)
      values.shift()
    }
  }
  return { ...cache, keys, values, length: cache.length + sizeOf(key) }
}

export interface CachedAttentionOptions {
  /** Factor of the scores (default 1/√K). */
  readonly scale?: number
  /** Number of keys that a query sees, its own included (default all). */
  readonly window?: number | undefined
  /** Numbers to add to the scores of T queries and S keys, [1, N, T, S], as {@link Positions} give them. */
  readonly bias?: ((T: number, S: number) => tf.Tensor) | undefined
}

/**
 * Causal attention of the last T steps of a cache over all of it, chunk by chunk: no keys or values are copied. N / G query heads
 * in a row share a head of keys and values.
 *
 * @param query [B, N, T, K]
 * @returns [B, N, T, V]
 */
export function cachedAttention(
  query: tf.Tensor,
  cache: KeyValueCache,
  { scale, window, bias }: CachedAttentionOptions = {},
): tf.Tensor {
  const { keys, values, length, starts } = cache
  const [B, N, T, K] = query.shape as [number, number, number, number]
  const G = keys[0]!.shape[1]!
  const sizes = keys.map(sizeOf)
  const S = sizes.reduce((sum, size) => sum + size, 0)
  const scaled = tf.mul(query, scale ?? 1 / Math.sqrt(K))
  const grouped = tf.reshape(scaled, [B, G, (N / G) * T, K])
  const parts = keys.map((chunk) => tf.matMul(grouped, chunk, false, true)) // each [B, G, N/G·T, S of the chunk]
  let scores = tf.reshape(tf.concat(parts, 3), [B, N, T, S])
  if (bias !== undefined) scores = tf.add(scores, bias(T, S))
  if (T > 1 || (window !== undefined && window < S)) scores = tf.add(scores, maskBias(windowMask(T, window ?? S, S)))
  if (starts !== undefined)
    scores = tf.add(scores, tf.reshape(maskBias(startMask(starts, S, length - S)), [B, 1, 1, S]))
  const weights = tf.reshape(tf.softmax(scores), [B, G, (N / G) * T, S])
  const shares = sizes.length === 1 ? [weights] : tf.split(weights, sizes, 3)
  const contexts = values.map((chunk, i) => tf.matMul(shares[i]!, chunk)) // each [B, G, N/G·T, V]
  const context = contexts.length === 1 ? contexts[0]! : tf.addN(contexts)
  return tf.reshape(context, [B, N, T, -1])
}

/** All keys and all values of a cache that is not empty, each [B, G, S, K]. With a window, S may be less than `length`. */
export function wholeCache({ keys, values }: KeyValueCache): { keys: tf.Tensor; values: tf.Tensor } {
  const whole = (chunks: readonly tf.Tensor[]) => (chunks.length === 1 ? chunks[0]! : tf.concat([...chunks], 2))
  return { keys: whole(keys), values: whole(values) }
}

const sizeOf = (chunk: tf.Tensor): number => chunk.shape[2]!
