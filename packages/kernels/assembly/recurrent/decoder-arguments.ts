// The arguments of a decoder that attends, and where its rows are.
//
// B batch, T steps of the target, S steps of the source, E size of x, H hidden size, M memory size, A attention size

import { RecurrentArguments, workRow } from './arguments'

// Filled by src/ops/additive-gru-decoder.ts. In the base, I is E, and inputWeight has the rows of the context after those of x.
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
  bias: usize
  /** [H, A] */
  queryWeight: usize
  /** [A] */
  scoreWeight: usize
  /** [B, T, M] */
  contexts: usize
  /** [B, T, S] */
  weights: usize
  /** Forward: packed W_q and the context's part of W_i; backward: their packed transposes. */
  packedQuery: usize
  packedContext: usize
  /** [B, A], forward: what the score weights meet. */
  squashed: usize
  // Backward only.
  dContexts: usize
  dWeights: usize
  dMemory: usize
  dKeys: usize
  /** [B, S] or 0 */
  dBias: usize
  dQueryWeight: usize
  dScoreWeight: usize
  /** [B, M], [B, S] and [B, A]: gradients of one step's context and scores, and of v by batch row. */
  dContext: usize
  dScores: usize
  dScoreRows: usize
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
