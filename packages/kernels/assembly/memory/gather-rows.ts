// out[b, i] = x[b, ids[i]], for blocks b of rows: an embedding look-up, `tf.gather`. The gradient is segment-sum.ts.

import { GATHER_SOME_ROWS } from '../generated/job-ids'
import { at } from './address'
import { copyRun, LONG_RUN } from './strided'
import { parallelFor } from '../threads/threads'

/** The caller has checked the ids. */
@unmanaged
export class GatherArguments {
  /** Rows that are taken of every block, and their length. */
  count: i32
  size: i32
  x: usize
  ids: usize
  out: usize
  blocks: i32
  /** Number of blocks that share `count` ids. */
  blocksOfIds: i32
  /** Rows of a block of x. */
  rows: i32
}

// Elements of a part.
// @ts-ignore: decorator
@inline const PART: i32 = 16384

/** @entry */
export function gatherRows(p: GatherArguments): void {
  parallelFor(GATHER_SOME_ROWS, changetype<usize>(p), p.blocks * p.count, max(1, PART / p.size))
}

/** @job Rows `begin` to `end` of out. */
export function gatherSomeRows(p: GatherArguments, begin: i32, end: i32): void {
  let row = begin
  while (row < end) {
    const block = row / p.count
    const first = row - block * p.count
    const n = min(p.count - first, end - row)
    const ids = at(p.ids, (block / p.blocksOfIds) * p.count + first)
    const x = p.x + ((<usize>block * <usize>p.rows * <usize>p.size) << 2)
    const out = p.out + ((<usize>row * <usize>p.size) << 2)
    if (p.size == 1) gatherNumbers(n, x, ids, out)
    else gatherRun(n, p.size, x, ids, out)
    row += n
  }
}

function gatherNumbers(n: i32, x: usize, ids: usize, out: usize): void {
  for (let i = 0; i < n; i++) i32.store(at(out, i), i32.load(at(x, i32.load(at(ids, i)))))
}

function gatherRun(n: i32, size: i32, x: usize, ids: usize, out: usize): void {
  const bytes = <usize>size << 2
  for (let i = 0; i < n; i++) {
    const row = x + <usize>i32.load(at(ids, i)) * bytes
    if (size >= LONG_RUN) memory.copy(out, row, bytes)
    else copyRun(row, out, size)
    out += bytes
  }
}
