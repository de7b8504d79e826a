import { ExtensionPoint, HeddleError } from '@heddle/core'
import { type BuildContext, Module, observe } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { maskBias } from './masks.ts'

// B batch, T queries in time, S steps of the memory, Q query size, M memory size, A size of a key

/** A memory prepared for many queries. All tensors have the batch first, so that beam search can reorder it. */
export interface PreparedMemory {
  /** [B, S, M] */
  readonly memory: tf.Tensor
  /** The side of the comparison that does not depend on the query: [B, S, A]. */
  readonly keys: tf.Tensor
  /** Added to the scores, [B, S]: 0 at real steps, a large negative number at padding. */
  readonly bias?: tf.Tensor
}

export interface AttentionOutput {
  /** Weighted mean of the memory: [B, M], or [B, T, M] for queries [B, T, Q]. */
  readonly context: tf.Tensor
  /** Weight of each step, [B, S] or [B, T, S]; a row sums to 1. */
  readonly weights: tf.Tensor
}

/**
 * Attention of a decoder over the steps of a memory. The kinds differ in their score.
 *
 *     weights = softmax(score(query, keys) + bias)
 *     context = weights·memory
 */
export abstract class MemoryAttention extends Module {
  abstract readonly querySize: number
  abstract readonly memorySize: number

  /**
   * Capability: the weights of a score that is scoreWeight·tanh(queryWeight·query + key), for fused ops that run a whole decoder.
   *
   * @returns queryWeight [Q, A] and scoreWeight [A, 1]
   */
  additiveScore?(): { readonly queryWeight: tf.Tensor; readonly scoreWeight: tf.Tensor }

  /** Keys of a memory: [B, S, M] -> [B, S, A]. */
  protected abstract keys(memory: tf.Tensor): tf.Tensor

  /** Score of each query with each key: [B, T, Q], [B, S, A] -> [B, T, S]. */
  protected abstract scores(query: tf.Tensor, keys: tf.Tensor): tf.Tensor

  /**
   * Computes the part of the attention that does not depend on the query, once for a sequence.
   *
   * @param memory [B, S, M]
   * @param mask true at the steps that may be seen, [B, S], bool; all when missing
   */
  prepare(memory: tf.Tensor, mask?: tf.Tensor): PreparedMemory {
    const [B, S] = memory.shape
    if (memory.rank !== 3 || memory.shape[2] !== this.memorySize) {
      throw new HeddleError(
        'shape',
        `${this.constructor.name}: expected memory [B, S, ${this.memorySize}], got [${memory.shape}].`,
      )
    }
    if (mask !== undefined && (mask.rank !== 2 || mask.shape[0] !== B || mask.shape[1] !== S)) {
      throw new HeddleError(
        'shape',
        `${this.constructor.name}: expected mask [${B}, ${S}], got [${mask.shape}]. Make it with paddingMask(lengths, ${S}).`,
      )
    }
    return { memory, keys: this.keys(memory), ...(mask && { bias: maskBias(mask) }) }
  }

  /** @param query [B, Q], or [B, T, Q] for many queries at once */
  override forward(query: tf.Tensor, { memory, keys, bias }: PreparedMemory): AttentionOutput {
    const [B, S] = memory.shape as [number, number]
    if (query.rank < 2 || query.rank > 3 || query.shape[0] !== B || query.shape.at(-1) !== this.querySize) {
      throw new HeddleError(
        'shape',
        `${this.constructor.name}: expected query [${B}, ${this.querySize}] or [${B}, T, ${this.querySize}], got [${query.shape}].`,
      )
    }
    const queries = tf.reshape(query, [B, -1, this.querySize]) // [B, T, Q]
    const raw = this.scores(queries, keys) // [B, T, S]
    const scores = bias === undefined ? raw : tf.add(raw, tf.expandDims(bias, 1))
    const weights = tf.softmax(scores) // [B, T, S]
    const context = tf.matMul(weights, memory) // [B, T, M]
    const leading = query.shape.slice(0, -1)
    const output = {
      context: tf.reshape(context, [...leading, this.memorySize]),
      weights: tf.reshape(weights, [...leading, S]),
    }
    observe(this, 'weights', output.weights)
    return output
  }
}

/** Context in which an attention is built. */
export interface AttentionContext extends BuildContext {
  readonly querySize: number
  readonly memorySize: number
}

/** Attentions: ways in which a recurrent decoder looks back at its source. */
export const attentionPoint = new ExtensionPoint<MemoryAttention, AttentionContext>('attention')
