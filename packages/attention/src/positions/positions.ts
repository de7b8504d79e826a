import { ExtensionPoint } from '@heddle/core'
import type { BuildContext, Module } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'

// B batch, T steps, S keys, N heads, K size of a head, D hidden size

/**
 * Positions of the steps of an attention. A kind has one or more of the capabilities.
 *
 * In all of them the queries are the last T of S positions: query t stands at S - T + t.
 */
export interface Positions extends Module {
  /** Number of positions that it has vectors for; any number when missing. */
  readonly maxPositions?: number

  /**
   * Vectors to add to the input of the first layer.
   *
   * @param offset position of the first step
   * @returns [T, D]
   */
  vectors?(T: number, offset: number): tf.Tensor

  /**
   * Queries or keys, turned by their positions. Their products depend only on how far apart they stand.
   *
   * @param x [B, T, N, K]
   * @param offset position of the first step
   */
  rotate?(x: tf.Tensor, offset: number): tf.Tensor
  /**
   * Cosines and sines by which `rotate` turns the pairs (i, i + R/2) of a step, [R/2] each, where it turns pairs like that.
   *
   * @param position of the step
   */
  rotation?(position: number): { readonly cos: Float32Array; readonly sin: Float32Array }

  /**
   * Numbers to add to the scores of T queries and S keys.
   *
   * @returns [1, N, T, S]
   */
  bias?(T: number, S: number): tf.Tensor

  /**
   * The same numbers where they depend on the distance of query and key alone, so that attention need not hold one for every
   * pair.
   *
   * @returns [N, T + S - 1]: number T - 1 + s - t is that of query t and key s
   */
  distanceBias?(T: number, S: number): tf.Tensor
}

/** Context in which positions are built. */
export interface PositionsContext extends BuildContext {
  readonly hiddenSize: number
  readonly numHeads: number
  readonly headSize: number
  /** Number of steps that the model reads at most, where it has a limit. */
  readonly maxPositions?: number
  /** Whether no query sees a later key. */
  readonly causal: boolean
}

/** Positions: ways in which attention knows where its steps stand. */
export const positionsPoint = new ExtensionPoint<Positions, PositionsContext>('positions')
