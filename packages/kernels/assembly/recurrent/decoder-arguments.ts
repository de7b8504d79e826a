// The arguments of a decoder that attends, and where its rows are.
//
// B batch, T steps of the target, S steps of the source, E size of x, H hidden size, M memory size, A attention size

import { RecurrentArguments, workRow } from './arguments'

/** In the base, I is E, and inputWeight has the rows of the context after those of x. */
@unmanaged
export class DecoderArguments extends RecurrentArguments {
  sourceTime: i32
  memorySize: i32
  attentionSize: i32
  /** [B, S, M] */
  memory: usize
  /** [B, S, A] */
  keys: usize
  /** [B, S] or 0 */
  bias: usize = 0
  /** [H, A] */
  queryWeight: usize = 0
  /** [A] */
  scoreWeight: usize = 0
  /** [B, T, M] */
  contexts: usize = 0
  /** [B, T, S] */
  weights: usize = 0
  /** Forward: packed W_q and the context's part of W_i; backward: their packed transposes. */
  packedQuery: usize = 0
  packedContext: usize = 0
  /** [B, A], forward: the factors of the score weights. */
  squashed: usize = 0
  // Backward only.
  dContexts: usize = 0
  dWeights: usize = 0
  dMemory: usize = 0
  dKeys: usize = 0
  /** [B, S] or 0 */
  dBias: usize = 0
  dQueryWeight: usize = 0
  dScoreWeight: usize = 0
  /** [B, M], [B, S] and [B, A]: gradients of one step's context and scores, and of v by batch row. */
  dContext: usize = 0
  dScores: usize = 0
  dScoreRows: usize = 0
}

/** The row of batch row b, time t in a [B, T, n] tensor. */
// @ts-ignore: decorator
@inline
export function timeRow(p: DecoderArguments, tensor: usize, b: i32, t: i32, n: i32): usize {
  return tensor + ((<usize>(b * p.time + t) * <usize>n) << 2)
}

/** The row of batch row b, source step s in a [B, S, n] tensor. */
// @ts-ignore: decorator
@inline
export function sourceRow(p: DecoderArguments, tensor: usize, b: i32, s: i32, n: i32): usize {
  return tensor + ((<usize>(b * p.sourceTime + s) * <usize>n) << 2)
}

// @ts-ignore: decorator
@inline
export function queryRow(p: DecoderArguments, b: i32, t: i32): usize {
  return workRow(p, b, t) + (<usize>(4 * p.hiddenSize) << 2)
}

// @ts-ignore: decorator
@inline
export function contextWeight(p: DecoderArguments, inputWeight: usize): usize {
  return inputWeight + (<usize>(p.inputSize * 3 * p.hiddenSize) << 2)
}
