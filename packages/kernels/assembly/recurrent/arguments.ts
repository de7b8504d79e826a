// The argument block of the whole-sequence recurrent kernels.
//
// B batch, T time, I input size, H hidden size, G gates (LSTM 4, GRU 3, RNN 1)
// P floats of a workspace row: the gates of one batch row at one time step, after their activation, and what else the
//   gradient needs. LSTM 5H: i f g o c. GRU 4H: r z n and h·W_hn + b_hn. RNN H: the output.
//
// The backward pass writes each gate's gradient (before its activation) over the gate.

export const enum CellKind {
  RNN = 0,
  LSTM = 1,
  GRU = 2,
}

@unmanaged
export class RecurrentArguments {
  /** Of `CellKind`. */
  kind: i32
  batch: i32
  time: i32
  inputSize: i32
  hiddenSize: i32
  gates: i32
  /** P */
  pitch: i32
  reverse: i32 = 0
  /** RNN only: 1 for relu, 0 for tanh. */
  relu: i32 = 0
  x: usize = 0
  h0: usize = 0
  c0: usize = 0
  inputWeight: usize = 0
  recurrentWeight: usize = 0
  inputBias: usize = 0
  recurrentBias: usize = 0
  /** [B], how many steps of a row count. */
  lengths: usize = 0
  /** [B, T, P] */
  work: usize
  /** [B, T, H] */
  outputs: usize = 0
  /** [B, H]; running state, at the end the final one. Backward: running gradient, at the end that of h0 and c0. */
  h: usize = 0
  c: usize = 0
  /**
   * Forward: memory for the packed recurrent weight. Backward: for its packed transpose. GRU: the n columns follow those of
   * r and z. 0 where packing would not pay: for a single step of very few rows.
   */
  packed: usize = 0
  /** @internal Memory behind `packed`, where the n columns begin. */
  packedN: usize
  /** Forward: [G·H], the sum of both biases (GRU: of b_in alone for n). Backward: [B, G·H] for the first steps' rows. */
  scratch: usize = 0
  // Backward only.
  dOutputs: usize = 0
  dInputWeight: usize = 0
  dRecurrentWeight: usize = 0
  dInputBias: usize = 0
  /** GRU only; elsewhere it equals dInputBias. */
  dRecurrentBias: usize = 0
  dx: usize = 0
  /** @internal Rows or columns of a part of a parallel loop, and number of parts. */
  rowsPerPart: i32
  /** @internal */
  columnsPerPart: i32
  /** @internal */
  projectionParts: i32
  /** 0, or [B, T]: x is a table [V, I], and the input of a step is its row by this id. */
  ids: usize = 0
  /** V */
  tableRows: i32 = 0
  /** With ids, [V, G·H]: the table times W_i plus biases; backward, the sums of the gates' gradients by id. */
  projected: usize = 0
}

/** Copies the input's share of the gates at time t into the workspace, where x is a table. */
export function takeProjected(p: RecurrentArguments, t: i32, begin: i32, end: i32): void {
  if (p.ids == 0) return
  const bytes = <usize>(p.gates * p.hiddenSize) << 2
  for (let b = begin; b < end; b++) {
    const id = i32.load(p.ids + (<usize>(b * p.time + t) << 2))
    memory.copy(workRow(p, b, t), p.projected + <usize>id * bytes, bytes)
  }
}

/** Number of steps of batch row b that count. */
// @ts-ignore: decorator
@inline
export function lengthOf(p: RecurrentArguments, b: i32): i32 {
  return i32.load(p.lengths + (<usize>b << 2))
}

/** The address of the workspace row of batch row b at time t. */
// @ts-ignore: decorator
@inline
export function workRow(p: RecurrentArguments, b: i32, t: i32): usize {
  return p.work + ((<usize>(b * p.time + t) * <usize>p.pitch) << 2)
}

/** The address of a row of a [B, T, H] tensor. */
// @ts-ignore: decorator
@inline
export function sequenceRow(p: RecurrentArguments, tensor: usize, b: i32, t: i32): usize {
  return tensor + ((<usize>(b * p.time + t) * <usize>p.hiddenSize) << 2)
}

/** The address of a row of a [B, H] tensor. */
// @ts-ignore: decorator
@inline
export function stateRow(p: RecurrentArguments, tensor: usize, b: i32): usize {
  return tensor + ((<usize>b * <usize>p.hiddenSize) << 2)
}

/** The time at which batch row b takes its first step, given that it takes one. */
// @ts-ignore: decorator
@inline
export function firstTime(p: RecurrentArguments, b: i32): i32 {
  return p.reverse != 0 ? lengthOf(p, b) - 1 : 0
}

/** The largest length among batch rows `begin` to `end`. */
export function longest(p: RecurrentArguments, begin: i32, end: i32): i32 {
  let length = 0
  for (let b = begin; b < end; b++) length = max(length, lengthOf(p, b))
  return length
}
