// A batch of products, split among the threads.

import { GEMM_TASKS, PACKED_ROWS, PACK_PANELS } from '../generated/job-ids'
import { parallelFor, threadCount } from '../threads/threads'
import { columnFits, gemm, gemmBlocked, gemmPacked, packB } from './gemm'
import { gemvFits } from './gemv'
import { tileColumns, tileRows } from './tile'

/** Strides are in elements. */
@unmanaged
export class GemmArguments {
  batch: i32
  m: i32
  n: i32
  k: i32
  a: usize
  aBatch: i32
  aRow: i32
  aColumn: i32
  b: usize
  bBatch: i32
  bRow: i32
  bColumn: i32
  c: usize
  /** [N] or 0 */
  bias: usize = 0
  /** Of `Activation`. */
  activation: i32 = 0
  /** Whether the product is added to C. */
  accumulate: i32 = 0
  /** Slope of the leaky ReLU. */
  alpha: f32 = 0
  /** Memory of `packedBBytes(k, n)` for a product that threads share, or 0. */
  workspace: usize = 0
  /** @internal Sizes and numbers of the parts that M and N are cut into. */
  mStep: i32
  /** @internal */
  nStep: i32
  /** @internal */
  mParts: i32
  /** @internal */
  nParts: i32
  /** @internal Whether a part may take the shortcuts of `gemm`. */
  shortcuts: i32
}

// Below this many multiply-adds, waking the other threads costs more than they save.
// @ts-ignore: decorator
@inline const WORTH_SPLITTING: i64 = 400000
// A product without packing is bound by memory, and slower a multiply-add.
// @ts-ignore: decorator
@inline const GEMV_WORTH_SPLITTING: i64 = 200000
// A single row streams B in the order of its memory, at the speed of the memory: pieces of shorter rows would be slower for all
// threads than whole rows for one.
// @ts-ignore: decorator
@inline const IN_ORDER_COLUMNS: i32 = 2048
// Parts for each thread: a thread that the system interrupts leaves its parts to the others.
// @ts-ignore: decorator
@inline const PARTS: i32 = 4
// Columns of a part: few enough to share, many enough that packing A for each part does not count.
// @ts-ignore: decorator
@inline const LEAST_COLUMNS: i32 = 128

/** @entry C[batch, M, N] = activation((C +) A B + bias), all of the batch in one call. A batch stride of 0 shares an operand. */
export function gemmBatch(p: GemmArguments): void {
  const gemv = gemvFits(p.m, p.bRow, p.bColumn)
  const column = !gemv && columnFits(p.n, p.n, p.bias, p.aRow, p.aColumn)
  p.shortcuts = i32(gemv || column)
  p.mStep = p.m
  p.nStep = p.n
  const threads = threadCount
  const work = <i64>p.m * p.n * p.k
  const worth = p.shortcuts ? GEMV_WORTH_SPLITTING : WORTH_SPLITTING
  const split = threads > 1 && work * p.batch >= worth
  if (split && p.batch < 2 * threads && work >= worth) {
    if (p.workspace != 0 && !p.shortcuts) return sharedProduct(p)
    if (column) p.mStep = partSize(p.m, threads * PARTS, 64)
    else if (gemv && p.m == 1 && p.bColumn == 1) p.nStep = max(IN_ORDER_COLUMNS, partSize(p.n, threads, 64))
    else if (gemv) p.nStep = partSize(p.n, threads * PARTS, 64)
    else if (p.m > p.n) p.mStep = partSize(p.m, threads, tileRows)
    else p.nStep = max(partSize(p.n, threads * PARTS, tileColumns), min(LEAST_COLUMNS, partSize(p.n, threads, tileColumns)))
  }
  p.mParts = (p.m + p.mStep - 1) / p.mStep
  p.nParts = (p.n + p.nStep - 1) / p.nStep
  const tasks = p.batch * p.mParts * p.nParts
  if (split) parallelFor(GEMM_TASKS, changetype<usize>(p), tasks, max(1, p.batch / (PARTS * threads)))
  else gemmTasks(p, 0, tasks)
}

/** Large products with many rows: all threads pack B together, then take blocks of rows. */
function sharedProduct(p: GemmArguments): void {
  p.mStep = partSize(p.m, threadCount * PARTS, tileRows)
  const panels = (p.n + tileColumns - 1) / tileColumns
  for (let batch: i32 = 0; batch < p.batch; batch++) {
    // The index of the batch, for the two jobs.
    p.nStep = batch
    if (batch == 0 || p.bBatch != 0) parallelFor(PACK_PANELS, changetype<usize>(p), panels, max(1, panels / (PARTS * threadCount)))
    parallelFor(PACKED_ROWS, changetype<usize>(p), (p.m + p.mStep - 1) / p.mStep, 1)
  }
}

/** @job Panels `begin` to `end` of B. */
export function packPanels(p: GemmArguments, begin: i32, end: i32): void {
  const j = begin * tileColumns
  const b = p.b + ((<usize>p.nStep * p.bBatch + <usize>j * p.bColumn) << 2)
  packB(p.k, min(p.n, end * tileColumns) - j, b, p.bRow, p.bColumn, p.workspace + ((<usize>j * p.k) << 2))
}

/** @job Blocks `begin` to `end` of rows, times the packed B. */
export function packedRows(p: GemmArguments, begin: i32, end: i32): void {
  const i = begin * p.mStep
  const a = p.a + ((<usize>p.nStep * p.aBatch + <usize>i * p.aRow) << 2)
  const c = p.c + (((<usize>p.nStep * p.m + i) * p.n) << 2)
  const m = min(p.m, end * p.mStep) - i
  const accumulate = p.accumulate != 0
  gemmPacked(m, p.n, p.k, a, p.aRow, p.aColumn, p.workspace, c, p.n, accumulate, p.bias, p.activation, p.alpha)
}

/** @job Tasks `begin` to `end` of a batch: (batch, part of M, part of N). */
export function gemmTasks(p: GemmArguments, begin: i32, end: i32): void {
  const parts = p.mParts * p.nParts
  const accumulate = p.accumulate != 0
  for (let task = begin; task < end; task++) {
    const batch = <usize>(task / parts)
    const part = task % parts
    const i = (part / p.nParts) * p.mStep
    const j = (part % p.nParts) * p.nStep
    const m = min(p.mStep, p.m - i)
    const n = min(p.nStep, p.n - j)
    const a = p.a + ((batch * p.aBatch + <usize>i * p.aRow) << 2)
    const b = p.b + ((batch * p.bBatch + <usize>j * p.bColumn) << 2)
    const c = p.c + (((batch * p.m + i) * p.n + j) << 2)
    const bias: usize = p.bias == 0 ? 0 : p.bias + (<usize>j << 2)
    if (p.shortcuts) {
      gemm(m, n, p.k, a, p.aRow, p.aColumn, b, p.bRow, p.bColumn, c, p.n, accumulate, bias, p.activation, p.alpha)
    } else {
      gemmBlocked(m, n, p.k, a, p.aRow, p.aColumn, b, p.bRow, p.bColumn, c, p.n, accumulate, bias, p.activation, p.alpha)
    }
  }
}

/** The length of each of `parts` parts, in whole units. */
function partSize(length: i32, parts: i32, unit: i32): i32 {
  const size = (length + parts - 1) / parts
  return ((size + unit - 1) / unit) * unit
}
